import { setTimeout as delay } from 'node:timers/promises'
import { quietLog } from '@meydan/conformance/harness'
import { connectPostgres, type Postgres } from '@meydan/drivers/postgres'
import { EntriesDone } from '../accounts/messages.ts'
import { CORES, startOn } from '../measure/child.ts'
import { rounded } from '../measure/numbers.ts'
import { production } from '../measure/production.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { type People, startPeople } from './crowd.ts'
import { roomOpener, SEATS } from './opening.ts'
import { between, type Counters, type Group, perSecond, perUnit, type Reading, read, type Used } from './reading.ts'
import { background, measuredSettings, member } from './shapes.ts'
import { answersOf } from './texts.ts'

/** What one player costs each process and engine, by what they do: nothing, waiting, playing; and what a match and a sign-up cost. */

interface Size {
  readonly online: number
  readonly rooms: number
  readonly queued: number
  readonly windowMs: number
  readonly matchesMs: number
}

/** A window is one heartbeat of everybody. */
const WHOLE: Size = { online: 1_000, rooms: 40, queued: 300, windowMs: 15_000, matchesMs: 20_000 }
/** To try the command with; its figures are rough. */
const BRIEF: Size = { online: 300, rooms: 8, queued: 60, windowMs: 5_000, matchesMs: 8_000 }
/** As our own client does. */
const INPUT_EVERY_MS = 15
const SETTLE_MS = 3_000
const SIGN_UP = { kind: 'guest', inFlight: 8, seconds: 4 } as const
/** As short as the arena allows: what a match costs beyond its playing. */
const MATCH_MS = '1000'
/** Rooms and people that play, as rows, while two people wait. */
const STANDING_ROOMS = 5_000
/** Nobody gets bots. */
const BOT_WAIT_MS = '3600000'
const ROOM_START = 3

type Say = (line: string) => void
type Shares = Record<Group, Counters>

interface Measuring {
  readonly cluster: Cluster
  readonly postgres: Postgres
  readonly people: People
  readonly size: Size
  readonly say: Say
}

export async function measurePlayers(say: Say, isBrief: boolean) {
  const size = isBrief ? BRIEF : WHOLE
  const own = await production()
  const settings = {
    ...measuredSettings(own),
    MEYDAN_MATCH_MS: MATCH_MS,
    MEYDAN_BOT_WAIT_MS: BOT_WAIT_MS,
    MEYDAN_ROOMS_MAX: String(size.rooms),
  }
  const members = [...background(), member('rooms-1', 'rooms'), member('gateway-1', 'gateway')]
  const cluster = await startCluster({ members, settings, redis: true })
  const postgres = await connectPostgres({ url: cluster.postgresUrl, poolMax: 1, log: quietLog })
  const people = startPeople()
  const opener = roomOpener(own.mesh)
  const all: Measuring = { cluster, postgres, people, size, say }
  try {
    const floor = perSecond(await used(all, 'nobody', () => delay(size.windowMs)))
    const ports = cluster.portsOf('gateway')
    await people.ask({ ask: 'connect', ports, keys: own.keys, first: 0, count: size.online })
    await delay(SETTLE_MS)
    const idling = await used(all, `${size.online} online`, () => delay(size.windowMs))
    const idle = perUnit(idling, size.online * idling.seconds, floor)
    const withIdle = perSecond(idling)
    const signUp = await measureSignUp(all, withIdle)
    const matches = await measureMatches(all, withIdle)
    const look = await measureLook(all, withIdle)
    const roomIds = await opener.open(cluster.member('rooms-1'), size.rooms, 0)
    await people.ask({ ask: 'join', first: 0, roomIds })
    await people.ask({ ask: 'inputs', everyMs: INPUT_EVERY_MS })
    await delay(SETTLE_MS)
    const playing = await measurePlaying(all, withIdle)
    await people.ask({ ask: 'queue', game: 'arena', first: size.rooms * SEATS, count: size.queued, again: false })
    const waiting = await used(all, `${size.queued} wait in a full platform`, () => delay(size.windowMs))
    const { askedAgain } = await people.ask({ ask: 'count' })
    if (askedAgain > 0) say(`  ${askedAgain} calls were refused and made again: something else ran here`)
    return {
      pinning: 'the platform on core 0; Postgres, Redis and the players on core 1',
      inputEveryMs: INPUT_EVERY_MS,
      askedAgain,
      brief: isBrief,
      online: size.online,
      rooms: size.rooms,
      seats: SEATS,
      queued: size.queued,
      floorPerS: floor,
      idle,
      playing: playing.share,
      playingNet: playing.net,
      queueing: perUnit(waiting, size.queued * waiting.seconds, playing.perS),
      signUp,
      ...matches,
      look,
    }
  } finally {
    await people.stop()
    await opener.close()
    await postgres.close()
    await cluster.stop()
    await own.remove()
  }
}

/** What is used while `work` runs. */
async function used({ cluster, postgres, say }: Measuring, what: string, work: () => Promise<unknown>): Promise<Used> {
  const before: Reading = await read(cluster, postgres)
  await work()
  const spent = between(before, await read(cluster, postgres))
  const cpu = Object.entries(spent.cpuUs).map(([name, us]) => `${name} ${rounded(us / 1e4 / spent.seconds, 1)} %`)
  say(`  ${what}, ${rounded(spent.seconds, 1)} s: ${cpu.join(', ')}`)
  return spent
}

/** A guest, over REST. */
async function measureSignUp(all: Measuring, floor: Shares): Promise<Shares> {
  const [port = 0] = all.cluster.portsOf('gateway')
  const guests = startOn(CORES.load, new URL('../accounts/people.ts', import.meta.url), [])
  let count = 0
  const spent = await used(all, 'guests sign up', async () => {
    count = EntriesDone.parse(await guests.ask({ url: `http://127.0.0.1:${port}`, ...SIGN_UP })).count
  })
  await guests.stop()
  return perUnit(spent, count, floor)
}

async function measurePlaying(all: Measuring, floor: Shares) {
  const { size } = all
  const before = await all.people.ask({ ask: 'count' })
  const spent = await used(all, `${size.rooms} rooms of ${SEATS} play`, () => delay(size.windowMs))
  const after = await all.people.ask({ ask: 'count' })
  if (after.playing !== size.rooms * SEATS) throw new Error(`${after.playing} play, not ${size.rooms * SEATS}`)
  const playerSeconds = size.rooms * SEATS * spent.seconds
  const each = (of: 'bytesReceived' | 'bytesSent' | 'snapshots' | 'inputs'): number =>
    rounded((after[of] - before[of]) / playerSeconds, 1)
  return {
    perS: perSecond(spent),
    share: perUnit(spent, playerSeconds, floor),
    /** A player and second. Those online and idle add next to nothing to what came and went. */
    net: {
      toClientBytes: each('bytesReceived'),
      fromClientBytes: each('bytesSent'),
      snapshots: each('snapshots'),
      inputs: each('inputs'),
    },
  }
}

/** Everybody who fits asks at once, and asks again whenever a match is over. */
async function measureMatches(all: Measuring, floor: Shares) {
  const { people, cluster, size } = all
  const count = size.rooms * ROOM_START
  const opened = async (): Promise<number> => answersOf(await metricsOf(cluster, 'rooms-1'), 'rooms.open')
  const { joined } = await people.ask({ ask: 'count' })
  await people.ask({ ask: 'queue', game: 'arena', first: 0, count, again: true })
  await until(async () => (await people.ask({ ask: 'count' })).joined >= joined + count)
  const [before, from] = [await people.ask({ ask: 'count' }), await opened()]
  const spent = await used(all, `${count} play one short match after the other`, () => delay(size.matchesMs))
  const [after, to] = [await people.ask({ ask: 'count' }), await opened()]
  await people.ask({ ask: 'rest' })
  await until(async () => (await people.ask({ ask: 'count' })).playing === 0)
  // Results of the last matches are still on their way.
  await delay(SETTLE_MS)
  return {
    match: perUnit(spent, to - from, floor),
    playersPerMatch: rounded((after.joined - before.joined) / (to - from), 1),
  }
}

/**
 * What a look of the matcher costs for each room that plays. The rooms, full and of all ages that a match has, and their people are rows: as
 * many real ones would not fit this machine, and the matcher knows no more of them.
 */
async function measureLook(all: Measuring, floor: Shares) {
  const { people, postgres, cluster, size } = all
  const waiting = { game: 'arena', first: 0, count: 2, again: false } as const
  await people.ask({ ask: 'queue', ...waiting })
  await delay(SETTLE_MS)
  const few = await used(all, 'two wait', () => delay(size.windowMs))
  await postgres.pool.query(
    `insert into matchmaking.rooms (room_id, game, state, bots, created_at, changed_at)
       select room, 'arena', 'playing', 0, now() - age, now() - age from generate_series(1, $1::int) room, lateral (select room % 180 * interval '1 second' as age) aged`,
    [STANDING_ROOMS],
  )
  await postgres.pool.query(
    `insert into matchmaking.tickets (player_id, ticket_id, game, state, room_id, asked_at, changed_at)
       select seat, seat, 'arena', 'playing', (seat + 4) / 5, now(), now() from generate_series(1, $1::int) seat`,
    [STANDING_ROOMS * SEATS],
  )
  await postgres.pool.query('analyze matchmaking.rooms; analyze matchmaking.tickets')
  const many = await used(all, `two wait beside ${STANDING_ROOMS} rooms that play`, () => delay(size.windowMs))
  await postgres.pool.query('delete from matchmaking.tickets where player_id < 1000000')
  await postgres.pool.query('delete from matchmaking.rooms where room_id < 1000000')
  await people.ask({ ask: 'rest' })
  if (!cluster.redis) throw new Error('this part is measured with a Redis')
  return {
    alone: perUnit(few, few.seconds, floor).cpuUs,
    perRoom: perUnit(many, STANDING_ROOMS * many.seconds, perSecond(few)).cpuUs,
  }
}

async function metricsOf(cluster: Cluster, name: string): Promise<string> {
  return (await fetch(`http://127.0.0.1:${cluster.member(name).port}/metrics`)).text()
}

const UNTIL_MS_MAX = 60_000
const LOOK_EVERY_MS = 25

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + UNTIL_MS_MAX
  while (!(await isSo())) {
    if (performance.now() > untilMs)
      throw new Error(`the players were not where they should be within ${UNTIL_MS_MAX} ms`)
    await delay(LOOK_EVERY_MS)
  }
}
