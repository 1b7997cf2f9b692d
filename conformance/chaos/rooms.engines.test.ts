import { arena } from '@meydan/games/arena'
import { type Client, createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cluster, startCluster } from './cluster.ts'

/** Play goes on whatever happens to the process of a room: real processes, real signals. */

const WAIT = { timeout: 30_000, interval: 50 }
/** DESIGN §9, and what it takes a test to see it. */
const TAKEOVER_MS_MAX = 3_000
/** A restart in a rolling update: less than a bad moment of a phone's link. On a busy machine a process takes its time to restore. */
const HANDOVER_MS_MAX = 1_000
const LEASE_MS = 2_000
const MATCH_MS = 45_000

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster([11, 12], { MEYDAN_BOT_WAIT_MS: '200', MEYDAN_MATCH_MS: String(MATCH_MS) })
}, 120_000)
afterAll(() => cluster?.stop(), 60_000)

/** A guest in a match of people and bots, running in circles. */
async function playing(name: string) {
  const client: Client = createClient({ url: cluster.gateway.url })
  await client.guest({ displayName: name })
  await client.connect()
  const found = new Promise<string>((resolve) => client.on('MATCH_FOUND', ({ roomId }) => resolve(roomId)))
  const result = new Promise<string>((resolve) => client.on('MATCH_RESULT', ({ match }) => resolve(match.matchId)))
  await client.call.matchmaking.ask({ game: arena.name })
  const roomId = await found
  const room = await client.joinRoom(roomId, arena)
  const seen: { atMs: number; tick: number; x: number | undefined }[] = []
  const closed: string[] = []
  room.onClosed((reason) => closed.push(reason))
  room.onSnapshot(({ tick, view }) =>
    seen.push({ atMs: performance.now(), tick, x: view.avatars.get(room.joined.seat ?? -1)?.x }),
  )
  let turn = 0
  const running = setInterval(() => {
    const angle = turn++ / 20
    room.send({ moveX: Math.cos(angle), moveY: Math.sin(angle), aim: angle % 6, fire: 0 })
  }, 2 * arena.tickMs)
  /** Nobody who comes later is to be seated in what is left of the match. */
  const stop = async (): Promise<void> => {
    clearInterval(running)
    if (!room.isClosed) await room.leave()
    client.close()
  }
  return { client, room, roomId, seen, closed, result, stop }
}

/** The longest silence between two snapshots. */
const silenceMs = (seen: readonly { atMs: number }[]): number =>
  Math.max(...seen.slice(1).map(({ atMs }, index) => atMs - (seen[index]?.atMs ?? atMs)))

async function ownerOf(roomId: string): Promise<number> {
  const { rows } = await cluster.database.postgres.pool.query('select process from rooms.rooms where room_id = $1', [
    roomId,
  ])
  return Number(String(rows[0]?.process).replace('node-', ''))
}

interface Played {
  readonly roomId: string
  readonly owner: number
  readonly people: readonly Awaited<ReturnType<typeof playing>>[]
}

/** Two people in one match, who have seen a second of it. */
async function match(): Promise<Played> {
  const people = await Promise.all([playing('Ada'), playing('Bora')])
  const [ada, bora] = people
  expect(ada.roomId).toBe(bora.roomId)
  await expect.poll(() => Math.min(...people.map(({ seen }) => seen.length)), WAIT).toBeGreaterThan(40)
  return { roomId: ada.roomId, owner: await ownerOf(ada.roomId), people }
}

/** Everybody sees the match go on, elsewhere and in their own seat; gives the longest silence in between. */
async function goesOnElsewhere({ roomId, owner, people }: Played): Promise<number> {
  await expect.poll(() => ownerOf(roomId), WAIT).not.toBe(owner)
  const before = people.map(({ seen }) => seen.length)
  const goOn = (): boolean => people.every(({ seen }, index) => seen.length > (before[index] ?? 0) + 60)
  await expect.poll(goOn, WAIT).toBe(true)
  expect(people.map(({ closed }) => closed)).toEqual([[], []])
  // Nobody starts anew: an avatar is where it can have got to.
  for (const { seen } of people) expect(seen.every(({ tick }, index) => tick > (seen[index - 1]?.tick ?? 0))).toBe(true)
  return Math.max(...people.map(({ seen }) => silenceMs(seen)))
}

async function end({ people }: Played): Promise<void> {
  await Promise.all(people.map(({ stop }) => stop()))
}

test('A8 kill -9 of a room’s process: its match goes on in another within three seconds', async () => {
  const played = await match()
  cluster.rooms.get(played.owner)?.process.kill('SIGKILL')
  expect(await goesOnElsewhere(played)).toBeLessThan(TAKEOVER_MS_MAX)
  await end(played)
  await cluster.startRooms(played.owner)
})

test('A8 SIGTERM: rooms are handed over with no gap that anybody would see', async () => {
  const played = await match()
  cluster.rooms.get(played.owner)?.process.kill('SIGTERM')
  expect(await goesOnElsewhere(played)).toBeLessThan(HANDOVER_MS_MAX)
  await end(played)
  await cluster.startRooms(played.owner)
})

test('A8 a process that stands still for ten seconds finds its rooms gone when it wakes, and ends nothing', async () => {
  const played = await match()
  const stalled = cluster.rooms.get(played.owner)
  stalled?.process.kill('SIGSTOP')
  await goesOnElsewhere(played)
  await new Promise((resolve) => setTimeout(resolve, 10_000 - LEASE_MS))
  const [ada] = played.people
  const ticked = ada?.seen.at(-1)?.tick ?? 0
  stalled?.process.kill('SIGCONT')
  await expect.poll(() => stalled?.output(), WAIT).toMatch(/the lease of a room was lost/)
  await expect.poll(() => ada?.seen.at(-1)?.tick, WAIT).toBeGreaterThan(ticked + 60)
  expect(await ownerOf(played.roomId)).not.toBe(played.owner)
  expect(played.people.map(({ closed }) => closed)).toEqual([[], []])
  await end(played)
})

test('A7 A8 a match that changed hands has one result, with everybody in it', async () => {
  const played = await match()
  cluster.rooms.get(played.owner)?.process.kill('SIGKILL')
  await goesOnElsewhere(played)
  expect(await Promise.all(played.people.map(({ result }) => result))).toEqual([played.roomId, played.roomId])
  const { rows } = await cluster.database.postgres.pool.query(
    'select (select count(*)::int from matches.matches where match_id = $1) as matches, (select count(*)::int from matches.placings where match_id = $1) as placings',
    [played.roomId],
  )
  expect(rows).toEqual([{ matches: 1, placings: expect.any(Number) }])
  await end(played)
}, 150_000)
