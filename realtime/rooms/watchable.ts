import type { RoomDescription } from './face.ts'

/** A list longer than this nobody reads; each room of it is a few hundred bytes. */
export const WATCHABLE_MAX = 50

/** The rooms to offer whoever wants to watch: those where the most people play, and of these the newest. Each room once. */
export function bestToWatch(rooms: readonly RoomDescription[], game: string | undefined): RoomDescription[] {
  const people = ({ seats }: RoomDescription): number => seats.filter(({ bot }) => !bot).length
  const each = new Map(rooms.map((room) => [room.roomId, room]))
  return [...each.values()]
    .filter((room) => game === undefined || room.game === game)
    .toSorted((a, b) => people(b) - people(a) || b.startedAtMs - a.startedAtMs)
    .slice(0, WATCHABLE_MAX)
}
