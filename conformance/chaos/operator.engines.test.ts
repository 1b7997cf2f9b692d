import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { arena } from '@meydan/games/arena'
import { type Client, createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type Arrived, type Collector, SPAN_KIND, startCollector } from '../platform/collector.ts'
import { type Cluster, startCluster } from './cluster.ts'

/** What somebody who runs several processes sees of them. */

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
const WAIT = { timeout: 30_000, interval: 100 }
const ROOMS = [11, 12] as const
const ROOMS_EACH = 1

let cluster: Cluster
let collector: Collector
const clients: Client[] = []
beforeAll(async () => {
  collector = await startCollector()
  cluster = await startCluster(ROOMS, {
    MEYDAN_BOT_WAIT_MS: '200',
    MEYDAN_OTLP_URL: collector.url,
    // So that one process holds no more than its share, and both have some.
    MEYDAN_ROOMS_MAX: String(ROOMS_EACH),
    MEYDAN_DRAIN_MS: '100',
  })
}, 120_000)
afterAll(async () => {
  for (const client of clients) client.close()
  await cluster?.stop()
  collector?.close()
}, 60_000)

const Top = z.object({
  processes: z.array(
    z.object({
      name: z.string(),
      roles: z.string().optional(),
      state: z.string(),
      measured: z.object({ rooms: z.number().optional(), callsPerS: z.number().optional() }).optional(),
    }),
  ),
  stores: z.array(z.object({ name: z.string(), troubles: z.array(z.unknown()) })),
  totals: z.object({ rooms: z.number(), players: z.number(), sockets: z.number() }),
})

/** What `meydan top` prints. */
async function top(...args: readonly string[]): Promise<string> {
  const env = { ...process.env, MEYDAN_REDIS_URL: cluster.redis.url }
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'top', ...args], { env })
  return stdout
}
const measured = async () => Top.parse(JSON.parse(await top('--json')))

/** Somebody who has been given a room. */
async function playing(name: string): Promise<{ client: Client; roomId: string }> {
  const client = createClient({ url: cluster.gateway.url })
  clients.push(client)
  await client.guest({ displayName: name })
  await client.connect()
  const found = new Promise<string>((resolve) => client.on('MATCH_FOUND', ({ roomId }) => resolve(roomId)))
  await client.call.matchmaking.ask({ game: arena.name })
  return { client, roomId: await found }
}

async function ownersOf(roomIds: readonly string[]): Promise<string[]> {
  const { rows } = await cluster.database.postgres.pool.query(
    'select process from rooms.rooms where room_id = any($1) order by process',
    [roomIds],
  )
  return rows.map(({ process: owner }) => String(owner))
}

test('M7 the rooms of both processes can be watched, whichever is asked', async () => {
  const roomIds = new Set<string>()
  // Who comes while a match has a free seat is given that one.
  while (roomIds.size < ROOMS.length * ROOMS_EACH) roomIds.add((await playing('Ada')).roomId)
  expect(await ownersOf([...roomIds])).toEqual(['node-11', 'node-12'])
  const [someone] = clients
  const listed = async () => (await someone?.call.rooms.live({}))?.rooms.map(({ roomId }) => roomId).toSorted()
  for (let times = 0; times < 6; times++) await expect.poll(listed, WAIT).toEqual([...roomIds].toSorted())
}, 90_000)

test('C10 meydan top finds all processes by Redis, and shows what each does', async () => {
  const { processes, stores, totals } = await measured()
  const states = processes.map(({ name, roles, state }) => [name, roles?.split(':')[0], state])
  expect(states.toSorted()).toEqual([
    ['node-1', 'services', 'ready'],
    ['node-11', 'rooms', 'ready'],
    ['node-12', 'rooms', 'ready'],
    ['node-2', 'gateway', 'ready'],
  ])
  expect(processes.filter(({ measured: figures }) => figures?.rooms === 1)).toHaveLength(ROOMS.length)
  expect(totals).toMatchObject({ rooms: 2, sockets: clients.length, players: clients.length })
  expect(stores.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: 'postgres', troubles: [] },
    { name: 'redis', troubles: [] },
  ])
})

/** A trace that a client has begun. */
const newTrace = () => ({ traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') })

/** The spans from the client's own down to one of that name: what each is, and of which process. */
function pathTo(name: string, { traceId, spanId }: { traceId: string; spanId: string }): string[] {
  const spans = collector.spansOf(traceId)
  const path: Arrived[] = []
  let span = spans.find((each) => each.name === name)
  while (span) {
    path.unshift(span)
    span = spans.find((each) => each.spanId === path[0]?.parentSpanId)
  }
  if (path[0]?.parentSpanId !== spanId) return []
  return path.map(({ name: called, kind, process: at }) => `${called} ${KINDS.get(kind)} ${at}`)
}
const KINDS = new Map<number, string>(Object.entries(SPAN_KIND).map(([name, kind]) => [kind, name]))

test('C10 one trace covers client, gateway, service, event and who hears it, over three processes', async () => {
  const [asked, left] = [newTrace(), newTrace()]
  let trace: typeof asked | undefined
  const client = createClient({
    url: cluster.gateway.url,
    traceparent: () => trace && `00-${trace.traceId}-${trace.spanId}-01`,
  })
  await client.guest()
  trace = asked
  await client.call.matchmaking.ask({ game: arena.name })
  await expect
    .poll(() => pathTo('matchmaking.match hears MATCH_REQUESTED', asked), WAIT)
    .toEqual([
      'gateway matchmaking.ask server node-2',
      'matchmaking.ask client node-2',
      'matchmaking.ask server node-1',
      'matchmaking.match hears MATCH_REQUESTED consumer node-1',
    ])

  trace = undefined
  const room = async () => {
    const status = await client.call.matchmaking.status({})
    return status.state === 'playing' ? status.roomId : ''
  }
  await expect.poll(room, WAIT).not.toBe('')
  const roomId = await room()
  trace = left
  await client.call.rooms.leave({ roomId })
  await expect
    .poll(() => pathTo('matchmaking.free-player hears SEAT_LEFT', left), WAIT)
    .toEqual([
      'gateway rooms.leave server node-2',
      'rooms.leave client node-2',
      expect.stringMatching(/^rooms\.leave server node-1[12]$/),
      'matchmaking.free-player hears SEAT_LEFT consumer node-1',
    ])
}, 90_000)

test('C10 meydan top shows who died, and since when', async () => {
  cluster.rooms.get(12)?.process.kill('SIGKILL')
  const shown = /^Meydan .* 4 processes {3}1 silent[\s\S]*^! node-12 .*does not answer since \d\d:\d\d:\d\d/m
  await expect.poll(() => top('--once'), { ...WAIT, timeout: 60_000 }).toMatch(shown)
}, 90_000)
