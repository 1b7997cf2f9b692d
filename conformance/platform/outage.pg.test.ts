import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quietLog } from '@meydan/conformance/harness'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { arena } from '@meydan/games/arena'
import { type Client, createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningPlatform, startPlatform } from './index.ts'

/** All must work again within this after Postgres is back. */
const WAIT = { timeout: 10_000, interval: 20 }
/** With the game's own countdown before it: under way when Postgres goes, over before it comes back. */
const MATCH_MS = 1_000
const TICKS_SEEN = 30
const LINES_MAX = 40

let dataDir: string
let postgres: EmbeddedPostgres
let platform: RunningPlatform
let client: Client

const startPostgres = () => startEmbeddedPostgres({ dataDir, log: quietLog })

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'meydan-away-'))
  await chmod(dataDir, 0o755)
  postgres = await startPostgres()
  platform = await startPlatform({
    MEYDAN_POSTGRES_URL: postgres.url,
    MEYDAN_BOT_WAIT_MS: '100',
    MEYDAN_MATCH_MS: String(MATCH_MS),
  })
})
afterAll(async () => {
  client?.close()
  await platform?.stop()
  await postgres?.stop()
  await rm(dataDir, { recursive: true })
})

const credentials = { type: 'password', username: 'survivor', password: 'a long enough one' } as const

const login = () =>
  fetch(`${platform.url}/v1/identity/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ credentials }),
  })

const readiness = () => fetch(`${platform.url}/readyz`)

test('DESIGN §10 A7 Postgres goes and comes back: 503 meanwhile, rooms play on, results are kept, nothing is restarted', async () => {
  client = createClient({ url: platform.url })
  await client.register(credentials, 'Survivor')
  await client.connect()
  const states: string[] = []
  client.onState((state) => states.push(state))
  const found = new Promise<string>((resolve) => client.on('MATCH_FOUND', ({ roomId }) => resolve(roomId)))
  const told = new Promise<string>((resolve) => client.on('MATCH_RESULT', ({ match }) => resolve(match.matchId)))
  await client.call.matchmaking.ask({ game: 'arena' })
  const roomId = await found
  const room = await client.joinRoom(roomId, arena)
  const closed = new Promise((resolve) => room.onClosed(resolve))
  await expect.poll(() => room.tick, WAIT).toBeGreaterThan(0)

  await postgres.stop()
  const refused = await login()
  expect(refused.status).toBe(503)
  expect(await refused.json()).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  await expect(client.call.players.me({})).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect((await fetch(`${platform.url}/livez`)).status).toBe(200)
  const unready = await readiness()
  expect(unready.status).toBe(503)
  expect(await unready.json()).toEqual({ status: 'not ready', checks: { postgres: expect.stringMatching(/away/) } })

  const tickThen = room.tick
  await expect.poll(() => room.tick, WAIT).toBeGreaterThan(tickThen + TICKS_SEEN)
  expect(await closed).toBe('ended')

  postgres = await startPostgres()
  await expect.poll(async () => (await readiness()).status, WAIT).toBe(200)
  expect((await login()).status).toBe(200)
  expect(await told).toBe(roomId)
  expect((await client.call.matches.mine({})).matches).toMatchObject([{ matchId: roomId, reason: 'time' }])
  const newcomer = createClient({ url: platform.url })
  await newcomer.register({ ...credentials, username: 'newcomer' }, 'Newcomer')
  // By an event, so outbox, bus and consumers are back too.
  await expect.poll(async () => (await newcomer.call.players.me({})).displayName, WAIT).toBe('Newcomer')
  expect(states).toEqual([])
  // One line for each thing that failed, and not one for each time it did.
  expect(platform.output().match(/ (WARN|ERROR) /g)?.length).toBeLessThan(LINES_MAX)
}, 60_000)
