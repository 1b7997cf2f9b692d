import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runPostgres } from '@meydan/conformance/harness'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from './index.ts'

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
const START_MS_MAX = 20_000

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meydan-mistakes-'))
  // As a system's own folders are: the account that Postgres runs as may pass through.
  await chmod(folder, 0o711)
})
afterAll(async () => {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'args'])
  expect(stdout).not.toContain(folder)
  await rm(folder, { recursive: true })
})

/** A start that must fail: with exit code 1, in time, one line for the operator and no stack. Gives the line. */
async function refusal(settings: Readonly<Record<string, string>>): Promise<string> {
  const env = { ...process.env, MEYDAN_PORT: String(await freePort()), MEYDAN_DATA: join(folder, 'data'), ...settings }
  const { code, stdout, stderr } = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [MAIN, 'start'], { env, timeout: START_MS_MAX }, (error, stdout, stderr) =>
      resolve({ code: error?.code, stdout, stderr }),
    )
  })
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^meydan: [^\n]+\.\n$/) })
  expect(stdout).not.toMatch(/error|^ +at /im)
  return stderr
}

describe("DESIGN §10 an operator's mistake ends the start with one sentence, and nothing is left running", () => {
  test.each(['MEYDAN_PORT', 'MEYDAN_MESH_PORT'])(
    'a taken %s is known before the data folder is touched',
    async (name) => {
      const server = createServer()
      const taken = String(await freePort())
      server.listen(Number(taken), '127.0.0.1')
      await once(server, 'listening')
      expect(await refusal({ [name]: taken })).toMatch(new RegExp(`Port ${taken} is taken; .*${name}`))
      expect(existsSync(join(folder, 'data'))).toBe(false)
      server.close()
    },
  )

  test('matches longer than a game takes', async () => {
    expect(await refusal({ MEYDAN_MATCH_MS: '180001' })).toMatch(/MEYDAN_MATCH_MS=180001 is no length for Arena/)
  })

  test('an address that this machine does not have', async () => {
    // Set aside for documentation (RFC 5737).
    expect(await refusal({ MEYDAN_HOST: '192.0.2.1' })).toMatch(/no address 192\.0\.2\.1; .*MEYDAN_HOST/)
  })

  test('a data folder that is a file', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    expect(await refusal({ MEYDAN_DATA: file })).toMatch(/file is not a folder; set MEYDAN_DATA/)
  })

  test('a data folder that cannot be written', async () => {
    // Nobody may make folders there, not even root.
    expect(await refusal({ MEYDAN_DATA: '/sys/meydan' })).toMatch(/\/sys\/meydan cannot be written; .*MEYDAN_DATA/)
  })

  test.each([
    ['of another version', '12\n', /was made by Postgres 12, and this Meydan carries 18/],
    ['whose PG_VERSION is damaged', '', /PG_VERSION is damaged\): restore it from a backup/],
    ['of which little is left', '18\n', /does not start: could not access the server configuration file/],
  ])('a Postgres cluster %s', async (_what, version, sentence) => {
    const data = await mkdtemp(join(folder, 'cluster-'))
    const cluster = join(data, 'postgres', 'data')
    await mkdir(cluster, { recursive: true, mode: 0o700 })
    await writeFile(join(cluster, 'PG_VERSION'), version)
    await writeFile(join(data, 'postgres', 'password'), 'secret')
    expect(await refusal({ MEYDAN_DATA: data })).toMatch(sentence)
    expect(await readdir(cluster)).toEqual(['PG_VERSION'])
  })

  test('a Postgres of his own that is not there, or does not let us in', async () => {
    const port = await freePort()
    const url = new URL(await runPostgres())
    url.password = 'not-the-password'
    const [nowhere, locked] = await Promise.all([
      refusal({ MEYDAN_POSTGRES_URL: `postgres://user:secret@127.0.0.1:${port}/meydan` }),
      refusal({ MEYDAN_POSTGRES_URL: url.href }),
    ])
    expect(nowhere).toMatch(new RegExp(`Nothing answers at 127.0.0.1:${port}: .*MEYDAN_POSTGRES_URL`))
    expect(locked).toMatch(/does not let user 'meydan' in .*correct user and password in MEYDAN_POSTGRES_URL/)
    expect(locked).not.toContain('not-the-password')
  })

  test('a Redis of his own that is not there, or is something else', async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const port = await freePort()
    const [nowhere, mute, noUrl] = await Promise.all([
      refusal({ MEYDAN_REDIS_URL: `redis://:secret@127.0.0.1:${port}` }),
      refusal({ MEYDAN_REDIS_URL: `redis://:secret@127.0.0.1:${address.port}` }),
      refusal({ MEYDAN_REDIS_URL: 'localhost:6379' }),
    ])
    expect(nowhere).toMatch(new RegExp(`Nothing answers at 127.0.0.1:${port}: .*MEYDAN_REDIS_URL`))
    expect(mute).toMatch(new RegExp(`Redis at 127.0.0.1:${address.port} does not answer: .*MEYDAN_REDIS_URL`))
    expect(noUrl).toMatch(/MEYDAN_REDIS_URL: should look like redis:\/\//)
    expect(nowhere + mute).not.toContain('secret')
    silent.close()
  })

  test('a setting with a bad value, an unknown one, an unknown role, and secrets that production needs', async () => {
    const [bad, unknown, role, production] = await Promise.all([
      refusal({ MEYDAN_PORT: 'x' }),
      refusal({ MEYDAN_PROT: '1' }),
      refusal({ MEYDAN_ROLES: 'gatway' }),
      refusal({ MEYDAN_ENV: 'production' }),
    ])
    expect(bad).toMatch(/MEYDAN_PORT='x': .*meydan --help/)
    expect(unknown).toMatch(/MEYDAN_PROT is not a setting of Meydan; .*meydan --help/)
    expect(role).toMatch(/'gatway' is no role/)
    expect(production).toMatch(/needs MEYDAN_SECRETS/)
  })

  test('a service whose neighbour is nowhere', async () => {
    const lonely = await refusal({ MEYDAN_ROLES: 'gateway services:matchmaking' })
    expect(lonely).toMatch(/matchmaking calls players: add it to MEYDAN_ROLES, or say in MEYDAN_MESH where it is/)
  })
})
