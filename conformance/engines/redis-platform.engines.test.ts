import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { type RunningPlatform, startPlatform, writeSecrets } from '@meydan/conformance/platform'
import { CLOSE } from '@meydan/contracts/socket'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { type RedisServer, startRedis } from './redis-server.ts'

/** Two processes behind which players see one platform: one Postgres, one Redis. */

const WAIT = { timeout: 20_000, interval: 50 }

let folder: string
let database: TestDatabase
let redis: RedisServer
let here: RunningPlatform
let there: RunningPlatform

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meydan-shared-'))
  const secrets = await writeSecrets(folder)
  database = await testDatabase('shared')
  redis = await startRedis()
  const start = (node: string) =>
    startPlatform({
      MEYDAN_POSTGRES_URL: database.url,
      MEYDAN_POSTGRES_POOL: '6',
      MEYDAN_REDIS_URL: redis.url,
      MEYDAN_SECRETS: secrets,
      MEYDAN_NODE: node,
      MEYDAN_ROLES: 'gateway services:identity,players',
    })
  ;[here, there] = await Promise.all([start('1'), start('2')])
})
afterAll(async () => {
  await Promise.all([here?.stop(), there?.stop()])
  await redis?.close()
  await database?.close()
  await rm(folder, { recursive: true })
})

const Tokens = z.object({ playerId: z.string(), accessToken: z.string() })
type Player = z.infer<typeof Tokens>

const post = (platform: RunningPlatform, path: string, body: object, player?: Player) =>
  fetch(platform.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(player && { authorization: `Bearer ${player.accessToken}` }) },
    body: JSON.stringify(body),
  })

const get = (platform: RunningPlatform, path: string, player?: Player) =>
  fetch(platform.url + path, player && { headers: { authorization: `Bearer ${player.accessToken}` } })

async function guest(): Promise<Player> {
  return Tokens.parse(await (await post(there, '/v1/identity/guest', {})).json())
}

/** The player's socket, greeted. */
async function socketOf(platform: RunningPlatform, { accessToken }: Player): Promise<WebSocket> {
  const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/v1/socket`, 'meydan.v2.json')
  await once(socket, 'open')
  socket.send(JSON.stringify({ hello: { token: accessToken } }))
  await once(socket, 'message')
  return socket
}

async function logoutCloses(player: Player): Promise<void> {
  const socket = await socketOf(here, player)
  const closed = once(socket, 'close')
  expect((await post(there, '/v1/identity/logout', {}, player)).status).toBe(200)
  expect((await closed)[0]).toBe(CLOSE.revoked)
}

test('S9 C7 a logout at one process closes the socket at the other', async () => {
  await logoutCloses(await guest())
})

test('A9 C7 who is online at one process is online at the other', async () => {
  const [player, other] = [await guest(), await guest()]
  const online = async () => {
    const answer = await get(there, `/v1/players/${player.playerId}`, other)
    return z.object({ online: z.boolean() }).safeParse(await answer.json()).data?.online
  }
  await expect.poll(online, WAIT).toBe(false)
  const socket = await socketOf(here, player)
  await expect.poll(online, WAIT).toBe(true)
  socket.close()
})

test('C9 a limit counts at both processes together', async () => {
  const tries = (platform: RunningPlatform, count: number) =>
    Promise.all(
      Array.from({ length: count }, async () => {
        const { status } = await post(platform, '/v1/identity/refresh', { refreshToken: 'none' })
        return status
      }),
    )
  // 120 a minute.
  expect(new Set([...(await tries(here, 60)), ...(await tries(there, 60))])).toEqual(new Set([401]))
  expect([...(await tries(here, 1)), ...(await tries(there, 1))]).toEqual([429, 429])
})

test('C9 so does what one address may ask for', async () => {
  // A call without a limit of its own tells that of the address.
  const left = async (platform: RunningPlatform) => {
    const header = (await get(platform, '/v1/identity/keys')).headers.get('ratelimit')
    return Number(/r=(\d+)/.exec(header ?? '')?.[1])
  }
  const takenThere = async () => {
    const before = await left(there)
    for (let n = 0; n < 50; n++) await left(here)
    return before - (await left(there))
  }
  // Again when a new window began in between.
  await expect.poll(takenThere, WAIT).toBe(51)
})

test('DESIGN §10 Redis goes and comes back: 503 where it is needed, the rest goes on, nothing is restarted', async () => {
  const [player, leaving] = [await guest(), await guest()]
  const socket = await socketOf(here, player)
  expect(await (await get(here, '/readyz')).json()).toEqual({
    status: 'ready',
    checks: { redis: 'ok', postgres: 'ok' },
  })

  await redis.kill()
  const readiness = async () => (await get(here, '/readyz')).status
  await expect.poll(readiness, WAIT).toBe(503)
  const credentials = { type: 'password', username: 'nobody', password: 'a long enough one' }
  const refused = await post(here, '/v1/identity/login', { credentials })
  expect(refused.status).toBe(503)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toMatchObject({
    error: { code: 'UNAVAILABLE', message: expect.stringMatching(/Redis/) },
  })
  expect((await get(here, '/livez')).status).toBe(200)
  expect((await get(here, '/v1/identity/account', player)).status).toBe(200)
  expect(socket.readyState).toBe(WebSocket.OPEN)

  await redis.start()
  await expect.poll(readiness, WAIT).toBe(200)
  expect((await post(here, '/v1/identity/login', { credentials })).status).toBe(401)
  await logoutCloses(leaving)
  const closed = once(socket, 'close')
  expect((await post(there, '/v1/identity/logout', {}, player)).status).toBe(200)
  expect((await closed)[0], 'watched since before Redis went').toBe(CLOSE.revoked)
  expect(await (await get(here, '/metrics')).text()).toMatch(/meydan_redis_connected 1\n/)
})
