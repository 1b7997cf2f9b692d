import type { Loop, Ticking } from '@meydan/realtime/rooms'

/** A loop of rooms without time: they tick when they are told to. */
export interface HandLoop extends Loop {
  /** Ticks each room once. */
  tick(): void
}

export function handLoop(): HandLoop {
  const rooms = new Set<Ticking>()
  return {
    missed: 0,
    add: (room) => void rooms.add(room),
    remove: (room) => void rooms.delete(room),
    stop: () => rooms.clear(),
    takeStats: () => ({ latenessMs: [], missed: 0 }),
    tick() {
      for (const room of [...rooms]) room.tick()
    },
  }
}
