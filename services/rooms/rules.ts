import type { EventData } from '@meydan/contracts/core'
import type { ROOM_ENDED } from '@meydan/contracts/rooms'
import type { RoomEnd } from '@meydan/realtime/rooms'

export type Ended = EventData<typeof ROOM_ENDED>

/** The end of a room as others hear of it. Without an outcome there are no standings. */
export function endedEvent(end: RoomEnd): Ended {
  const bySeat = new Map(end.seats.map((seat) => [seat.index, seat]))
  const standings = (end.outcome?.standings ?? []).flatMap(({ seat, rank, score }) => {
    const place = bySeat.get(seat)
    return place ? [{ playerId: place.playerId, name: place.name, bot: place.bot, rank, score, left: place.left }] : []
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
