import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { freePort, type RunningPlatform } from '@meydan/conformance/platform'
import { newServiceKeys, type ServiceKeys, serviceTokens } from '@meydan/kernel/rpc'
import { manualClock, systemClock } from '@meydan/kernel/time'
import { LINE_PATH, LINE_VERSION, VERSION_HEADER } from '@meydan/realtime/line'
import { type Client, createClient } from '@meydan/sdk'
import { pack } from 'msgpackr'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { ALL_SERVICES, type Ground, openGround } from './ground.ts'
import { outlivesPoison, type Told } from './poison.ts'
import { releaseWith } from './release.ts'
import { sumOf } from './series.ts'

/** What nobody should do to an installation of several processes, and what it does then. */

const WAIT = { timeout: 30_000, interval: 100 }
/** Longer than a token lives, and than clocks may differ. */
const LONG_AGO_MS = 70_000
const Tokens = z.object({ playerId: z.string(), accessToken: z.string() })

let ground: Ground
let services: RunningPlatform
let rooms: RunningPlatform
let gateway: RunningPlatform
let servicesMesh: string
let roomsMesh: string
/** A second process with the number of the first; it waits for ten seconds, in case that one has just died. */
let secondOne: Promise<Told>
let player: z.infer<typeof Tokens>
let client: Client

beforeAll(async () => {
  ground = await openGround('mistakes', { MEYDAN_EVENT_RETRIES: '1' })
  const ports = [await freePort(), await freePort()] as const
  ;[servicesMesh, roomsMesh] = [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`]
  services = await ground.start(ALL_SERVICES, { MEYDAN_NODE: '1', MEYDAN_MESH_PORT: String(ports[0]) })
  ;[rooms, gateway] = await Promise.all([
    ground.start('rooms', { MEYDAN_NODE: '2', MEYDAN_MESH_PORT: String(ports[1]) }),
    ground.start('gateway', { MEYDAN_NODE: '3' }),
  ])
  const twin = { MEYDAN_ROLES: ALL_SERVICES, MEYDAN_NODE: '1', MEYDAN_PORT: String(await freePort()) }
  secondOne = ground.meydan(['start'], twin)
  client = createClient({ url: gateway.url })
  await client.guest()
  player = Tokens.parse(await client.call.identity.guest({}))
}, 240_000)
afterAll(async () => {
  client?.close()
  await secondOne
  await ground?.close()
}, 60_000)

/** The keys by which the processes of this installation know each other. */
async function meshKeys(): Promise<ServiceKeys> {
  const Secrets = z.object({ mesh: z.custom<ServiceKeys>() })
  return Secrets.parse(JSON.parse(await readFile(ground.settings.MEYDAN_SECRETS ?? '', 'utf8'))).mesh
}

/** Tokens that say all that a good one says, but for one thing. */
async function badTokens(audience: string): Promise<Readonly<Record<string, string>>> {
  const keys = await meshKeys()
  const strangers = serviceTokens(await newServiceKeys(), systemClock)
  const past = serviceTokens(keys, manualClock(Date.now() - LONG_AGO_MS))
  const [, claims = ''] = (await serviceTokens(keys, systemClock).issue('gateway', audience)).split('.')
  const headed = (alg: string): string => {
    const head = JSON.stringify({ alg, typ: 'meydan-service+jwt', kid: keys.signing.kid })
    return `${Buffer.from(head).toString('base64url')}.${claims}`
  }
  const publicKey = Buffer.from(keys.accepted.keys[0]?.x ?? '', 'base64url')
  const keyed = createHmac('sha256', publicKey).update(headed('HS256')).digest('base64url')
  return {
    none: '',
    'of other keys': await strangers.issue('gateway', audience),
    expired: await past.issue('gateway', audience),
    'for others': await serviceTokens(keys, systemClock).issue('gateway', 'elsewhere'),
    'a player’s': player.accessToken,
    unsigned: `${headed('none')}.`,
    'signed with the public key as if it were a shared secret': `${headed('HS256')}.${keyed}`,
  }
}

function ask(url: string, call: string, token: string): Promise<Response> {
  return fetch(`${url}/mesh/${call}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/msgpack',
      'meydan-contract-version': '1',
      ...(token !== '' && { authorization: `Bearer ${token}` }),
    },
    body: new Uint8Array(pack({ playerIds: [player.playerId] })),
  })
}

/** The status by which the upgrade to a line was refused; 101 when it was not. */
async function lineStatus(token: string): Promise<number | undefined> {
  const headers = { [VERSION_HEADER]: String(LINE_VERSION), ...(token !== '' && { authorization: `Bearer ${token}` }) }
  const socket = new WebSocket(`${roomsMesh.replace('http', 'ws')}${LINE_PATH}`, { headers })
  const refused = once(socket, 'unexpected-response').then(([, response]) => response.statusCode)
  const opened = once(socket, 'open').then(() => 101)
  socket.on('error', () => socket.terminate())
  try {
    return await Promise.race([refused, opened])
  } finally {
    socket.terminate()
  }
}

describe('B1 services answer nobody but each other', () => {
  test('B1 the mesh port refuses whoever has no good token', async () => {
    for (const [kind, token] of Object.entries(await badTokens('players'))) {
      expect((await ask(servicesMesh, 'players/names', token)).status, kind).toBe(401)
    }
    const good = await serviceTokens(await meshKeys(), systemClock).issue('matches', 'players')
    expect((await ask(servicesMesh, 'players/names', good)).status).toBe(200)
  })

  test('B1 so does the port of lines to rooms', async () => {
    for (const [kind, token] of Object.entries(await badTokens('rooms')))
      expect(await lineStatus(token), kind).toBe(401)
    expect(await lineStatus(await serviceTokens(await meshKeys(), systemClock).issue('gateway', 'rooms'))).toBe(101)
  })

  test('B1 what services ask each other does not exist at the gateway, whatever token comes with it', async () => {
    const good = await serviceTokens(await meshKeys(), systemClock).issue('gateway', 'players')
    expect((await ask(gateway.url, 'players/names', good)).status).toBe(404)
    await client.connect()
    await expect(client.call.players.names({ playerIds: [player.playerId] })).rejects.toMatchObject({
      code: 'UNKNOWN_CALL',
    })
    const asPlayer = await fetch(`${gateway.url}/v1/players/me`, { headers: { authorization: `Bearer ${good}` } })
    expect(asPlayer.status).toBe(401)
  })
})

describe('C11 a rolling update: processes of two releases side by side', () => {
  const PLAYERS = { file: '/contracts/players/index.ts' }
  const me = (url: string, query = '') =>
    fetch(`${url}/v1/players/${player.playerId}${query}`, {
      headers: { authorization: `Bearer ${player.accessToken}` },
    })

  test('C11 a field more, which need not be given: the older process answers without it', async () => {
    const [from, to] = [
      'z.strictObject({ playerId: Id }),',
      'z.strictObject({ playerId: Id, loud: z.string().optional() }),',
    ]
    const newer = await ground.start('gateway', { MEYDAN_NODE: '4', ...releaseWith({ ...PLAYERS, from, to }) })
    expect((await me(newer.url, '?loud=yes')).status).toBe(200)
    expect((await me(gateway.url, '?loud=yes')).status).toBe(400)
    await newer.stop()
  }, 180_000)

  test('C11 another version: refused by name while nobody speaks it, answered by who does, and others do not notice', async () => {
    const change = {
      ...PLAYERS,
      from: "\n  heartbeat: command({\n    summary: 'Say that the caller is online for the next 5 minutes',\n    auth: 'player',\n    idempotent: true,\n  }),\n})",
      to: '\n}, { version: 2 })',
    }
    const newer = await ground.start('gateway', { MEYDAN_NODE: '5', ...releaseWith(change) })
    const refused = await me(newer.url)
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({
      error: {
        code: 'VERSION_MISMATCH',
        message: 'The caller speaks version 2 of players, and node-1 speaks version 1.',
        details: { contract: 'players', caller: 2, processes: { 'node-1': 1 } },
      },
    })
    const speaking = await ground.start('services:players', { MEYDAN_NODE: '6', ...releaseWith(change) })
    await expect.poll(async () => (await me(newer.url)).status, WAIT).toBe(200)
    const before = await sumOf(speaking, 'meydan_calls_total')
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await me(gateway.url)).status))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await sumOf(speaking, 'meydan_calls_total')).toBe(before)
    await Promise.all([newer.stop(), speaking.stop()])
  }, 240_000)
})

test('K2 who goes away cancels the call in the other process, and its statement does not stay', async () => {
  const { pool } = ground.database.postgres
  const cancelled = () => sumOf(services, 'meydan_calls_total{call="players.get",code="CANCELLED"}')
  const waiting = async (): Promise<number> => {
    const { rows } = await pool.query(
      "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and query like 'select%profiles%' and datname = current_database()",
    )
    return rows[0]?.n
  }
  const holder = await pool.connect()
  try {
    await holder.query('begin; lock table players.profiles in access exclusive mode')
    const leaving = new AbortController()
    const headers = { authorization: `Bearer ${player.accessToken}` }
    const path = `/v1/players/${player.playerId}`
    const left = expect(fetch(gateway.url + path, { headers, signal: leaving.signal })).rejects.toThrow('aborted')
    const open = client.call.players.get({ playerId: player.playerId }).catch((error: Error) => error)
    await expect.poll(waiting, WAIT).toBe(2)
    leaving.abort()
    client.close()
    await Promise.all([left, open])
    await expect.poll(cancelled, WAIT).toBe(2)
    // Nobody has let go of the lock: the database itself ends what nobody waits for.
    await expect.poll(waiting, WAIT).toBe(0)
  } finally {
    // With its connection go transaction and lock.
    holder.release(true)
  }
}, 60_000)

test('C6 an event that cannot be handled is given up on, and the others are handled meanwhile', async () => {
  const { database, meydan } = ground
  await outlivesPoison({ url: gateway.url, consuming: services, database, meydan })
}, 240_000)

test('D3 a second process with the number of a living one does not start, and says why', async () => {
  const { code, stderr } = await secondOne
  expect(code).toBe(1)
  expect(stderr).toBe(
    "meydan: MEYDAN_NODE=1 is another living process's number; give each its own, or leave it out to be given one.\n",
  )
  expect((await fetch(`${services.url}/readyz`)).status).toBe(200)
  expect((await fetch(`${rooms.url}/readyz`)).status).toBe(200)
})
