import type { bots } from '@meydan/contracts/bots'
import type { Id } from '@meydan/contracts/core'
import { MATCH_FOUND } from '@meydan/contracts/matchmaking'
import type { players } from '@meydan/contracts/players'
import type { rooms } from '@meydan/contracts/rooms'
import type { Kit } from '@meydan/kernel/rpc'
import { presentAmong } from './presence.ts'
import { type GameRules, type OpenRoom, type Plan, plan } from './rules.ts'
import { tellRoom } from './status.ts'
import {
  applyPlan,
  type CountedRoom,
  findRoom,
  joiningTickets,
  lockGame,
  type MatchmakingTables,
  markJoined,
  markPlaying,
  markQueued,
  markWaiting,
  queuedTickets,
  roomsOf,
  ticketsInRoom,
} from './store.ts'

export type Called = { players: typeof players; rooms: typeof rooms; bots: typeof bots }

export interface MatcherParts {
  readonly kit: Kit<Called>
  readonly games: ReadonlyMap<string, GameRules>
  readonly botWaitMs: number
}

export interface Matcher {
  /** Runs the matcher of a game soon; calls that come meanwhile are one. */
  wake(game: string): void
  /** As `wake`, and resolves when the run that began after this call is over. */
  run(game: string): Promise<void>
}

/** After bots could not be had, they are not asked for again for so long. */
const BOTS_AWAY_MS = 5_000
/** Who is starting or joining for longer was left behind by a process that died, and is taken up again. */
export const LEFT_BEHIND_MS = 3_000

export function createMatcher(parts: MatcherParts): Matcher {
  const running = new Map<string, { current: Promise<void>; next: Promise<void> | undefined }>()
  const bench = { botsAwayUntilMs: 0 }

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
}

async function matchOnce(parts: MatcherParts, bench: Bench, gameName: string): Promise<void> {
  const { kit, games } = parts
  const game = games.get(gameName)
  if (!game) return
  const { decided, found } = await decide(parts, bench, game)
  const leftBehindMs = kit.clock.now() - LEFT_BEHIND_MS
  const behind = found.filter((room) => room.state === 'starting' && room.changed_at.getTime() < leftBehindMs)
  const starting = [...decided.start.map(({ roomId }) => roomId), ...behind.map(({ room_id }) => room_id)]
  await Promise.all([
    ...starting.map((roomId) => startRoom(parts, bench, game, roomId)),
    letJoin(parts, game, new Set(decided.move.filter(({ joining }) => joining).map(({ playerId }) => playerId))),
  ])
  const gathering = decided.move.flatMap(({ roomId, joining }) => (roomId === null || joining ? [] : [roomId]))
  const startedNow = new Set(starting)
  for (const roomId of new Set(gathering)) if (!startedNow.has(roomId)) await tellRoom(parts, roomId)
}

async function decide(
  parts: MatcherParts,
  bench: Bench,
  game: GameRules,
): Promise<{ decided: Plan; found: CountedRoom[] }> {
  const { kit, botWaitMs } = parts
  return kit.db.transaction<MatchmakingTables, { decided: Plan; found: CountedRoom[] }>(async (tx) => {
    await lockGame(tx, game.name)
    const [tickets, found] = [await queuedTickets(tx, game.name), await roomsOf(tx, game.name)]
    const starting = new Set(found.filter(({ state }) => state === 'starting').map(({ room_id }) => room_id))
    const free = tickets.filter(({ room_id }) => room_id === null || !starting.has(room_id))
    const nowMs = kit.clock.now()
    const decided = plan({
      game,
      nowMs,
      tickets: free.map((row) => ({
        ticketId: row.ticket_id,
        playerId: row.player_id,
        askedAtMs: row.asked_at.getTime(),
        roomId: row.room_id,
        refusedBy: row.refused_by,
      })),
      rooms: found.flatMap(openRoom),
      present: await presentAmong(
        kit,
        free.map(({ player_id }) => player_id),
      ),
      botWaitMs,
      botsAvailable: nowMs >= bench.botsAwayUntilMs,
      newRoomId: kit.nextId,
    })
    await applyPlan(tx, game.name, decided, new Date(nowMs))
    return { decided, found }
  })
}

function openRoom({ room_id, state, created_at, changed_at, people }: CountedRoom): OpenRoom[] {
  if (state === 'starting') return []
  const sinceMs = (state === 'waiting' ? created_at : changed_at).getTime()
  return [{ roomId: room_id, state, sinceMs, people }]
}

/** Opens the room and tells its players. Safe to repeat: bots and room are the same the second time. */
async function startRoom(parts: MatcherParts, bench: Bench, game: GameRules, roomId: Id): Promise<void> {
  const { kit } = parts
  const context = kit.ownContext()
  try {
    const room = await findRoom(kit.db.tables<MatchmakingTables>(), roomId)
    if (room?.state !== 'starting') return
    const people = await ticketsInRoom(kit.db.tables<MatchmakingTables>(), roomId)
    const playerIds = people.map(({ player_id }) => player_id)
    const [{ names }, hired] = await Promise.all([
      kit.call.players.names({ playerIds }, context),
      room.bots > 0 ? kit.call.bots.hire({ roomId, count: room.bots }, context) : { bots: [] },
    ])
    const seats = [
      ...playerIds.map((playerId) => ({ playerId, name: names[playerId] ?? 'Player', bot: false })),
      ...hired.bots.map(({ botId, name, skill }) => ({ playerId: botId, name, bot: true, skill })),
    ]
    await kit.call.rooms.open({ roomId, game: game.name, seats }, context)
  } catch (error) {
    kit.log.warn({ err: error, roomId }, 'a room did not start; its players wait on')
    bench.botsAwayUntilMs = kit.clock.now() + BOTS_AWAY_MS
    await markWaiting(kit.db.tables<MatchmakingTables>(), roomId, new Date(kit.clock.now()))
    return
  }
  const at = new Date(kit.clock.now())
  const started = await kit.db.transaction<MatchmakingTables, Id[]>((tx) => markPlaying(tx, roomId, at))
  await Promise.all(started.map((playerId) => tellFound(parts, playerId, roomId, game.name)))
}

async function letJoin(parts: MatcherParts, game: GameRules, now: ReadonlySet<Id>): Promise<void> {
  const { kit } = parts
  const db = kit.db.tables<MatchmakingTables>()
  const leftBehindMs = kit.clock.now() - LEFT_BEHIND_MS
  for (const ticket of await joiningTickets(db, game.name)) {
    const { player_id: playerId, room_id: roomId } = ticket
    if (roomId === null || (!now.has(playerId) && ticket.changed_at.getTime() >= leftBehindMs)) continue
    const context = kit.ownContext()
    try {
      const { names } = await kit.call.players.names({ playerIds: [playerId] }, context)
      await kit.call.rooms.seat({ roomId, seat: { playerId, name: names[playerId] ?? 'Player', bot: false } }, context)
    } catch (error) {
      kit.log.info({ err: error, roomId }, 'a running room did not take a player; back to the queue')
      await markQueued(db, playerId, roomId, new Date(kit.clock.now()))
      continue
    }
    if (await markJoined(db, playerId, new Date(kit.clock.now()))) await tellFound(parts, playerId, roomId, game.name)
  }
}

async function tellFound({ kit }: MatcherParts, playerId: Id, roomId: Id, game: string): Promise<void> {
  await kit.topics.publish(`user:${playerId}`, MATCH_FOUND, { roomId, game })
}
