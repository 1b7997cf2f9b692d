import { rooms } from '@meydan/contracts/rooms'
import { type Kit, service } from '@meydan/kernel/rpc'
import { createEndings } from './ending.ts'
import { roomsListeners } from './events.ts'
import { type RoomsOptions, roomsHandlers } from './handlers.ts'
import { findLostRooms, isRegisteredHere, takeUpLeftBehind } from './taking-over.ts'

const LOOK_FOR_LOST_EVERY_MS = 5_000

export function roomsService(options: RoomsOptions) {
  const { engine, anywhere, processId } = options
  return service({
    contract: rooms,
    calls: {},
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: Kit<Record<never, never>>) {
      const endings = createEndings(kit)
      const parts = { kit, engine, processId, endings }
      engine.onEnd((end) => endings.record(end))
      engine.registeredBy((roomId) => isRegisteredHere(parts, roomId))
      return {
        handlers: roomsHandlers(options, parts),
        listeners: roomsListeners(kit, anywhere),
        jobs: [{ name: 'find-lost-rooms', everyMs: LOOK_FOR_LOST_EVERY_MS, run: () => findLostRooms(parts) }],
        start: () => takeUpLeftBehind(parts),
        drain: () => endings.stored(),
        stop: async () => endings.stop(),
      }
    },
  })
}
