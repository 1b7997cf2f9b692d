import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type RunningPlatform, startPlatform } from '@meydan/conformance/platform'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** The platform on a Postgres that it did not bring: the one installed on the machine. */

const DEBIAN = '/usr/lib/postgresql'
const NOBODY = 65_534

let folder: string
let bin: string
let platform: RunningPlatform

function asServer(command: string, args: readonly string[]): void {
  // Postgres refuses to run as root.
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  execFileSync(join(bin, command), args, { ...account, stdio: 'ignore' })
}

beforeAll(async () => {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort() : []
  const version = versions.at(-1)
  if (version === undefined) throw new Error('no Postgres is installed: run .ci/engines/install')
  bin = join(DEBIAN, version, 'bin')
  folder = mkdtempSync(join(tmpdir(), 'meydan-engine-'))
  if (process.getuid?.() === 0) execFileSync('chown', [`${NOBODY}:${NOBODY}`, folder])
  const data = join(folder, 'data')
  const port = await freePort()
  asServer('initdb', ['-D', data, '-U', 'meydan', '-A', 'trust', '-E', 'UTF8', '--no-sync'])
  asServer('pg_ctl', [
    '-D',
    data,
    '-w',
    '-l',
    join(folder, 'log'),
    '-o',
    `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1`,
    'start',
  ])
  platform = await startPlatform({
    MEYDAN_POSTGRES_URL: `postgres://meydan@127.0.0.1:${port}/postgres`,
    MEYDAN_BOT_WAIT_MS: '200',
    MEYDAN_MATCH_MS: '2000',
  })
})
afterAll(async () => {
  await platform?.stop()
  asServer('pg_ctl', ['-D', join(folder, 'data'), '-m', 'immediate', 'stop'])
  rmSync(folder, { recursive: true, force: true })
})

test('DESIGN §7 everything works on a Postgres from outside: an account, a match with bots, its result', async () => {
  const client = createClient({ url: platform.url })
  await client.guest({ displayName: 'Ada' })
  await client.connect()
  const found = Promise.withResolvers<unknown>()
  client.on('MATCH_RESULT', found.resolve)
  expect((await client.call.matchmaking.ask({})).state).not.toBe('idle')
  await found.promise
  expect((await client.call.matches.mine({})).matches).toHaveLength(1)
  client.close()
})

test('an engine that is away is said in one sentence', async () => {
  const port = await freePort()
  const wrong = startPlatform({ MEYDAN_POSTGRES_URL: `postgres://meydan@127.0.0.1:${port}/postgres` })
  await expect(wrong).rejects.toThrow(/meydan: .*127\.0\.0\.1/)
})
