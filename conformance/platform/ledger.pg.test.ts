import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningPlatform, startPlatform } from './index.ts'

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))

let database: TestDatabase
let platform: RunningPlatform
beforeAll(async () => {
  database = await testDatabase('ledger')
  platform = await startPlatform({ MEYDAN_POSTGRES_URL: database.url })
})
afterAll(async () => {
  await platform?.stop()
  await database?.close()
})

/** `meydan ledger …` on this database, with what it printed and its exit code. */
function ledger(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, MEYDAN_POSTGRES_URL: database.url }
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'ledger', ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
}

const tamper = (statement: string) =>
  database.postgres.pool.query(
    `alter table wallet.postings disable trigger user; ${statement}; alter table wallet.postings enable trigger user`,
  )

test('W7 W9 a player takes play money, and an operator verifies the books while the platform runs', async () => {
  const client = createClient({ url: platform.url })
  await client.guest()
  await client.call.wallet.faucet({ key: 'first', currency: 'coins', amount: 500 })
  const { code, stdout, stderr } = await ledger('verify')
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'The books are right.\n' })
  expect(stderr).toMatch(/^postings 2 of 2$/m)
})

test('W9 what was changed behind the ledger is named, a line each, with exit code 1', async () => {
  await tamper('update wallet.postings set amount = amount + 1 where line is not null')
  const { code, stdout } = await ledger('verify')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^line {2}player:\d+ coins {2}.+$/m)
  expect(stdout).toMatch(/^sum {2}\d+ {2}the postings do not sum to zero$/m)
  expect(stdout).toMatch(/^2 things cannot be\.$/m)
  await tamper('update wallet.postings set amount = amount - 1 where line is not null')
})

test('W9 a head that no day has is told of', async () => {
  expect(await ledger('verify', '--head', 'ab'.repeat(32))).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^head {2}(ab){32} {2}no day has this head/),
  })
  expect(await ledger('verify', '--head', 'abc')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^meydan: --head is the head of a day .+\n$/),
  })
})
