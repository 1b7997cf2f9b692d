import { Fault, type Id } from '@meydan/contracts/core'
import type { CallContext } from '@meydan/kernel/rpc'
import type { MatcherParts } from './parts.ts'
import { isRefusal } from './refusal.ts'
import type { GameRules } from './rules.ts'
import { tellFound } from './status.ts'
import {
  findRoom,
  type MatchmakingTables,
  markPlaying,
  markWaiting,
  type RoomRow,
  removeRoom,
  ticketsInRoom,
} from './store.ts'

/** `full`: there is no room for another match now; its people wait on. `unclear`: whether the room runs is not known; it is tried again, with the same people under the same id. */
export type StartResult = 'started' | 'undone' | 'full' | 'refused' | 'unclear'

/**
 * Opens the room with its people, which are fixed, and tells them. Safe to repeat: bots and room are the same each time.
 * `first`: nobody can have asked the rooms service for this room before, so a start that does not get so far is undone.
 */
export async function startRoom(
  parts: MatcherParts,
  game: GameRules,
  roomId: Id,
  { first }: { first: boolean },
): Promise<StartResult> {
  const { kit } = parts
  const room = await findRoom(kit.db.tables<MatchmakingTables>(), roomId)
  if (room?.state !== 'starting') return 'refused'
  const context = kit.ownContext()
  let mayRun = !first
  try {
    const seats = await seatsFor(parts, room, context)
    mayRun = true
    await kit.call.rooms.open({ roomId, game: game.name, seats }, context)
  } catch (error) {
    return notStarted(parts, room, { first, mayRun }, error)
  }
  const at = new Date(kit.clock.now())
  const people = await kit.db.transaction<MatchmakingTables, Id[]>((tx) => markPlaying(tx, roomId, at))
  await Promise.all(people.map((playerId) => tellFound(parts, playerId, roomId, game.name)))
  return 'started'
}

interface Tried {
  readonly first: boolean
  readonly mayRun: boolean
}

async function notStarted(
  parts: MatcherParts,
  room: RoomRow,
  { first, mayRun }: Tried,
  error: unknown,
): Promise<StartResult> {
  const { kit } = parts
  const { room_id: roomId, game } = room
  const waitOn = async (): Promise<void> => {
    const at = new Date(kit.clock.now())
    await kit.db.transaction<MatchmakingTables, void>((tx) => markWaiting(tx, roomId, at))
  }
  if (!mayRun) {
    kit.log.warn({ err: error, roomId }, 'a room could not be started; its people wait on')
    await waitOn()
    return 'undone'
  }
  // Of an earlier try, whose answer was not clear, this says nothing.
  if (first && error instanceof Fault && error.code === 'ROOMS_FULL') {
    await waitOn()
    return 'full'
  }
  if (isRefusal(error)) {
    kit.log.warn({ err: error, roomId }, 'a room was refused; its people are back in the queue')
    await kit.db.transaction<MatchmakingTables, void>((tx) => removeRoom(tx, game, roomId))
    return 'refused'
  }
  kit.log.warn({ err: error, roomId }, 'whether a room started is not known; it is tried again')
  return 'unclear'
}

async function seatsFor(parts: MatcherParts, room: RoomRow, context: CallContext) {
  const { kit } = parts
  const people = await ticketsInRoom(kit.db.tables<MatchmakingTables>(), room.room_id)
  const playerIds = people.map(({ player_id }) => player_id)
  const [{ names }, hired] = await Promise.all([
    kit.call.players.names({ playerIds }, context),
    hire(parts, room, playerIds, context),
  ])
  return [
    ...playerIds.map((playerId) => ({ playerId, name: names[playerId] ?? 'Player', bot: false })),
    ...hired.map(({ botId, name, skill }) => ({ playerId: botId, name, bot: true, skill })),
  ]
}

/** B6: bots that fit the people they play with. */
async function hire(
  { kit }: MatcherParts,
  { room_id: roomId, game, bots: count }: RoomRow,
  playerIds: readonly Id[],
  context: CallContext,
) {
  if (count === 0) return []
  const { ratings } = await kit.call.matches.ratings({ game, playerIds: [...playerIds] }, context)
  const known = Object.values(ratings)
  const rating = known.length > 0 ? { rating: known.reduce((sum, each) => sum + each, 0) / known.length } : {}
  return (await kit.call.bots.hire({ roomId, count, ...rating }, context)).bots
}
