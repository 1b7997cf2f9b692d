import type { Id } from '@meydan/contracts/core'
import { letJoin } from './joining.ts'
import type { MatcherParts } from './parts.ts'
import { presentAmong } from './presence.ts'
import { type GameRules, joinableSince, type OpenRoom, type Plan, plan } from './rules.ts'
import { type StartResult, startRoom } from './starting.ts'
import { tellRoom } from './status.ts'
import {
  applyPlan,
  type CountedRoom,
  type Joining,
  lockGame,
  lockQueuedTickets,
  type MatchmakingTables,
  openRooms,
  type Tx,
  takeUpJoins,
  takeUpStarts,
} from './store.ts'

export interface Matcher {
  /** Runs the matcher of a game soon; calls that come meanwhile are one. */
  wake(game: string): void
  /** As `wake`, and resolves when the run that began after this call is over. */
  run(game: string): Promise<void>
}

/** After a room could not be started, no bots are asked for so long. */
const BOTS_AWAY_MS = 5_000
/** Who is starting or joining for longer was left behind, by a process that died or an answer that was not clear. */
export const LEFT_BEHIND_MS = 6_000
/** Rooms that one look starts at most, when the platform is not known to be full. */
const STARTS_MAX = 1_024
/** Rooms and players handled side by side: more would only queue up for the database's connections. */
const AT_ONCE_MAX = 16

export function createMatcher(parts: MatcherParts): Matcher {
  const running = new Map<string, { current: Promise<void>; next: Promise<void> | undefined }>()
  const bench: Bench = { botsAwayUntilMs: 0, startsMax: STARTS_MAX }

  const run = (game: string): Promise<void> => {
    const state = running.get(game)
    if (!state) {
      const current = matchOnce(parts, bench, game).finally(() => {
        if (running.get(game)?.current === current) running.delete(game)
      })
      running.set(game, { current, next: undefined })
      return current
    }
    // One more run, after this one, covers everybody who asked meanwhile.
    state.next ??= state.current
      .catch(() => undefined)
      .then(() => {
        running.delete(game)
        return run(game)
      })
    return state.next
  }
  return {
    run,
    wake: (game) =>
      void run(game).catch((error: unknown) => parts.kit.log.error({ err: error, game }, 'matching failed')),
  }
}

interface Bench {
  botsAwayUntilMs: number
  /** Rooms that a look may start: one once the platform was full, twice as many whenever all of them found room. */
  startsMax: number
}

/** A full platform is asked for one room at a time, until it has one. */
function noteFullness({ kit }: MatcherParts, bench: Bench, results: ReadonlySet<StartResult>): void {
  if (results.has('full')) {
    if (bench.startsMax === STARTS_MAX) kit.log.warn('there is no room for another match; players wait')
    bench.startsMax = 1
  } else if (results.has('started')) bench.startsMax = Math.min(STARTS_MAX, bench.startsMax * 2)
}

/** What one look decided, all of it written down before any of it is done. */
interface Decided {
  readonly plan: Plan
  /** Left behind by an earlier look, here or in another process. */
  readonly starts: readonly Id[]
  readonly joins: readonly Joining[]
}

async function matchOnce(parts: MatcherParts, bench: Bench, gameName: string): Promise<void> {
  const { kit, games } = parts
  const game = games.get(gameName)
  if (!game) return
  const decided = await kit.db.transaction<MatchmakingTables, Decided>((tx) => decide(tx, parts, bench, game))
  const { move, start } = decided.plan
  const starts = [
    ...start.map(({ roomId }) => ({ roomId, first: true })),
    ...decided.starts.map((roomId) => ({ roomId, first: false })),
  ]
  const joins = move.flatMap(({ playerId, roomId, joining }) => (joining && roomId ? [{ playerId, roomId }] : []))
  const results = new Set<StartResult>()
  await Promise.all([
    eachOf(starts, async ({ roomId, first }) => {
      const result = await startRoom(parts, game, roomId, { first })
      if (result === 'undone' || result === 'unclear') bench.botsAwayUntilMs = kit.clock.now() + BOTS_AWAY_MS
      results.add(result)
    }),
    eachOf([...joins, ...decided.joins], (joining) => letJoin(parts, game, joining)),
  ])
  noteFullness(parts, bench, results)
  const startedNow = new Set(starts.map(({ roomId }) => roomId))
  const gathering = new Set(move.flatMap(({ roomId, joining }) => (roomId === null || joining ? [] : [roomId])))
  for (const roomId of gathering) if (!startedNow.has(roomId)) await tellRoom(parts, roomId)
}

async function decide(tx: Tx, parts: MatcherParts, bench: Bench, game: GameRules): Promise<Decided> {
  const { kit, botWaitMs } = parts
  await lockGame(tx, game.name)
  const nowMs = kit.clock.now()
  const [at, leftBehind] = [new Date(nowMs), new Date(nowMs - LEFT_BEHIND_MS)]
  const starts = await takeUpStarts(tx, game.name, leftBehind, at)
  const joins = await takeUpJoins(tx, game.name, leftBehind, at)
  const tickets = await lockQueuedTickets(tx, game.name)
  const rooms = await openRooms(tx, game.name, { seatsMax: game.seats.max, since: joinableSince(game, nowMs) })
  const playerIds = tickets.map(({ player_id }) => player_id)
  const decided = plan({
    game,
    nowMs,
    tickets: tickets.map((row) => ({
      ticketId: row.ticket_id,
      playerId: row.player_id,
      askedAtMs: row.asked_at.getTime(),
      roomId: row.room_id,
      refusedBy: row.refused_by,
    })),
    rooms: rooms.map(openRoom),
    present: await presentAmong(kit, playerIds),
    botWaitMs,
    botsAvailable: nowMs >= bench.botsAwayUntilMs,
    startsMax: bench.startsMax,
    newRoomId: kit.nextId,
  })
  await applyPlan(tx, game.name, decided, at)
  return { plan: decided, starts, joins }
}

function openRoom({ room_id, state, created_at, changed_at, people }: CountedRoom): OpenRoom {
  const sinceMs = (state === 'waiting' ? created_at : changed_at).getTime()
  return { roomId: room_id, state, sinceMs, people }
}

async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE_MAX, items.length) }, async () => {
      for (const item of rest) await work(item)
    }),
  )
}
