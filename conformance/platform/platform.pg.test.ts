import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPlatform } from './index.ts'

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
const run = promisify(execFile)

async function meydan(args: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  return run(process.execPath, [MAIN, ...args], { env: { ...process.env, ...settings } })
}

let data: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'meydan-life-'))
})
afterAll(() => rm(data, { recursive: true, force: true }))

const credentials = { type: 'password', username: 'keeper', password: 'a long enough one' } as const

describe('one process on the embedded default', () => {
  test('it says where it is, keeps its data over a stop and a kill, and leaves nothing running', async () => {
    const first = await startPlatform({ MEYDAN_DATA: data })
    expect(first.output()).toMatch(/Play +http:\/\/127\.0\.0\.1:\d+\/app\//)
    expect(first.output()).toMatch(/Data /)
    await createClient({ url: first.url }).register(credentials, 'Keeper')
    expect(await first.stop()).toBe(0)
    await expect(fetch(`${first.url}/livez`)).rejects.toThrow()

    const second = await startPlatform({ MEYDAN_DATA: data })
    const client = createClient({ url: second.url })
    await client.login(credentials)
    expect((await client.call.players.me({})).displayName).toBe('Keeper')
    second.process.kill('SIGKILL')
    await new Promise((resolve) => second.process.once('exit', resolve))

    const third = await startPlatform({ MEYDAN_DATA: data })
    await createClient({ url: third.url }).login(credentials)
    expect((await meydan(['grant', 'keeper', 'admin'], { MEYDAN_DATA: data })).stdout).toMatch(/now has: admin/)
    expect((await meydan(['events', 'dead'], { MEYDAN_DATA: data })).stdout).toBe('0 dead letters\n')
    expect(await third.stop()).toBe(0)
    // The command starts the database by itself when the platform does not run.
    expect((await meydan(['events', 'dead'], { MEYDAN_DATA: data })).stdout).toBe('0 dead letters\n')
  }, 120_000)

  test('a match that was running when the process was killed holds nobody', async () => {
    const settings = { MEYDAN_DATA: data, MEYDAN_BOT_WAIT_MS: '100' }
    const first = await startPlatform(settings)
    const client = createClient({ url: first.url })
    await client.login(credentials)
    await client.connect()
    const found = new Promise((resolve) => client.on('MATCH_FOUND', resolve))
    await client.call.matchmaking.ask({})
    await found
    first.process.kill('SIGKILL')
    client.close()
    const second = await startPlatform(settings)
    const again = createClient({ url: second.url })
    await again.login(credentials)
    await expect.poll(async () => (await again.call.matchmaking.status({})).state, { timeout: 10_000 }).toBe('idle')
    expect(await second.stop()).toBe(0)
  }, 120_000)
})

test('help names every command and setting', async () => {
  const { stdout } = await meydan(['--help'])
  for (const word of ['meydan start', 'meydan events', 'MEYDAN_PORT', 'MEYDAN_DATA', 'MEYDAN_ROLES'])
    expect(stdout).toContain(word)
})
