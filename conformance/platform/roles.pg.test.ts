import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { Fault } from '@meydan/contracts/core'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort, type RunningPlatform, startPlatform, writeSecrets } from './index.ts'

const WAIT = { timeout: 10_000, interval: 20 }

let folder: string
let database: TestDatabase
let secrets: string
let meshPort: string
let first: RunningPlatform
let second: RunningPlatform

const shared = () => ({ MEYDAN_POSTGRES_URL: database.url, MEYDAN_SECRETS: secrets, MEYDAN_POSTGRES_POOL: '6' })

const startFirst = () =>
  startPlatform({
    ...shared(),
    MEYDAN_NODE: '1',
    MEYDAN_ROLES: 'gateway rooms services:matchmaking,bots,matches,leaderboards',
    MEYDAN_MESH: ['identity', 'players'].map((name) => `${name}=http://127.0.0.1:${meshPort}`).join(','),
    // Longer than the test: nobody is to be fetched into a match.
    MEYDAN_BOT_WAIT_MS: '600000',
  })

const startSecond = () =>
  startPlatform({
    ...shared(),
    MEYDAN_NODE: '2',
    MEYDAN_ROLES: 'services:identity,players',
    MEYDAN_MESH_PORT: meshPort,
  })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meydan-roles-'))
  secrets = await writeSecrets(folder)
  database = await testDatabase('roles')
  meshPort = String(await freePort())
  ;[first, second] = await Promise.all([startFirst(), startSecond()])
})
afterAll(async () => {
  await Promise.all([first?.stop(), second?.stop()])
  await database?.close()
  await rm(folder, { recursive: true })
})

const credentials = { type: 'password', username: 'traveller', password: 'a long enough one' } as const

test('DESIGN §3 a player notices nothing of two processes: account, profile and matchmaking', async () => {
  const client = createClient({ url: first.url })
  await client.register(credentials, 'Traveller')
  // USER_CREATED is heard in the second process, which has the role of its services and no other.
  await expect.poll(async () => (await client.call.players.me({})).displayName, WAIT).toBe('Traveller')
  await client.call.players.update({ displayName: 'Renamed', avatar: 'owl' })

  const again = createClient({ url: first.url })
  await again.login(credentials)
  expect(await again.call.players.me({})).toMatchObject({ displayName: 'Renamed', avatar: 'owl' })
  await again.connect()
  expect(await again.call.matchmaking.ask({ game: 'arena' })).toMatchObject({ state: 'queued', seated: 1 })
  expect(await again.call.matchmaking.cancel({})).toEqual({ state: 'idle' })
  again.close()
})

test('DESIGN §10 a process without the gateway can be watched, and players cannot reach it', async () => {
  expect((await fetch(`${second.url}/livez`)).status).toBe(200)
  expect(await (await fetch(`${second.url}/metrics`)).text()).toMatch(/meydan_calls_total\{call="identity.register"/)
  expect((await fetch(`${second.url}/v1/identity/keys`)).status).toBe(404)
})

test('K7 while the second process is away its calls are 503 with Retry-After, the others go on, and it may come back', async () => {
  const client = createClient({ url: first.url })
  await client.login(credentials)
  await client.connect()
  expect(await second.stop()).toBe(0)

  const body = JSON.stringify({ credentials })
  const headers = { 'content-type': 'application/json' }
  const refused = await fetch(`${first.url}/v1/identity/login`, { method: 'POST', headers, body })
  expect(refused.status).toBe(503)
  expect(await refused.json()).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  // A query is tried again for a while before it gives up; that must not be long.
  const askedMs = performance.now()
  await expect(client.call.players.me({})).rejects.toMatchObject({ code: 'UNAVAILABLE', status: 503 })
  expect(performance.now() - askedMs).toBeLessThan(3_000)

  expect(await client.call.matches.mine({})).toEqual({ matches: [] })
  expect(await client.call.matchmaking.status({})).toEqual({ state: 'idle' })
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200)

  second = await startSecond()
  await expect.poll(tryLogin, WAIT).toBe(client.player?.playerId)
  expect(await client.call.players.me({})).toMatchObject({ displayName: 'Renamed' })
  expect(client.state).toBe('open')
  client.close()
})

/** The player's login; undefined while that part of the platform is away. */
async function tryLogin(): Promise<string | undefined> {
  const client = createClient({ url: first.url })
  try {
    await client.login(credentials)
    return client.player?.playerId
  } catch (error) {
    if (error instanceof Fault && error.code === 'UNAVAILABLE') return undefined
    throw error
  }
}
