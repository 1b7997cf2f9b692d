import type { AnswerOf, EventData, Id } from '@meydan/contracts/core'
import type { ROOM_ENDED, rooms } from '@meydan/contracts/rooms'
import type { RoomDescription, RoomEnd } from '@meydan/realtime/rooms'

export type Ended = EventData<typeof ROOM_ENDED>
type LiveRoom = AnswerOf<(typeof rooms)['procedures']['live']>['rooms'][number]

/**
 * The end of a room as others hear of it. Without an outcome there are no standings. `names` are the registry's, which
 * knows who deleted the account meanwhile; whoever is not in it (a bot) keeps the name it played under.
 */
export function endedEvent(end: RoomEnd, names: ReadonlyMap<Id, string>): Ended {
  const bySeat = new Map(end.seats.map((seat) => [seat.index, seat]))
  const standings = (end.outcome?.standings ?? []).flatMap(({ seat, rank, score }) => {
    const place = bySeat.get(seat)
    if (!place) return []
    const { playerId, bot, left } = place
    return [{ playerId, name: names.get(playerId) ?? place.name, bot, rank, score, left }]
  })
  return {
    roomId: end.roomId,
    game: end.game,
    gameVersion: end.gameVersion,
    seed: end.seed,
    startedAt: new Date(end.startedAtMs).toISOString(),
    endedAt: new Date(end.endedAtMs).toISOString(),
    reason: end.reason,
    standings,
  }
}

/** Between the row of a new room and its first tick pass milliseconds; a room younger than this is not looked for. */
export const OPENING_MS_MAX = 10_000
export const isOpening = (startedAtMs: number, nowMs: number): boolean => nowMs - startedAtMs < OPENING_MS_MAX
/** The engine ends a room on time. One that is later than this has no engine any more. */
export const OVERDUE_MS = 60_000

export interface Registered {
  readonly process: string
  readonly startedAtMs: number
  /** The game's longest time; undefined when this process does not know the game. */
  readonly lastsMsMax: number | undefined
  /** Whether this process runs the room, or is storing its end. */
  readonly here: boolean
}

/** Whether a room that is registered as running runs nowhere: its own process has lost it, or it should long be over. */
export function isLost(room: Registered, processId: string, nowMs: number): boolean {
  if (room.here) return false
  const ageMs = nowMs - room.startedAtMs
  if (room.process === processId) return !isOpening(room.startedAtMs, nowMs)
  return room.lastsMsMax !== undefined && ageMs >= room.lastsMsMax + OVERDUE_MS
}

/** A running room as whoever wants to watch is told of it. */
export function liveRoom({ roomId, game, startedAtMs, seats, watching }: RoomDescription): LiveRoom {
  return {
    roomId,
    game,
    startedAt: new Date(startedAtMs).toISOString(),
    seats: seats.map(({ index, playerId, name, bot }) => ({ index, playerId, name, bot })),
    watching,
  }
}
