import { freePort, type RunningPlatform, startPlatform } from '@meydan/conformance/platform'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

/** The platform on a Postgres that it did not bring: the one installed on the machine. */

let server: PostgresServer
let platform: RunningPlatform

beforeAll(async () => {
  server = await startPostgres()
  platform = await startPlatform({
    MEYDAN_POSTGRES_URL: `postgres://meydan@127.0.0.1:${server.port}/postgres`,
    MEYDAN_BOT_WAIT_MS: '200',
    MEYDAN_MATCH_MS: '2000',
  })
})
afterAll(async () => {
  await platform?.stop()
  server?.close()
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
