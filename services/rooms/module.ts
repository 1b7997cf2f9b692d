import { rooms } from '@meydan/contracts/rooms'
import { type Kit, service } from '@meydan/kernel/rpc'
import { createEndings, endLeftBehind, endLostRooms } from './ending.ts'
import { roomsListeners } from './events.ts'
import { type RoomsOptions, roomsHandlers } from './handlers.ts'

const LOOK_FOR_LOST_EVERY_MS = 5_000

export function roomsService(options: RoomsOptions) {
  const { engine, processId } = options
  return service({
    contract: rooms,
    calls: {},
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: Kit<Record<never, never>>) {
      const endings = createEndings(kit)
      const parts = { kit, engine, processId, endings }
      engine.onEnd((end) => endings.record(end))
      return {
        handlers: roomsHandlers(kit, options, endings),
        listeners: roomsListeners(kit, engine),
        jobs: [{ name: 'end-lost-rooms', everyMs: LOOK_FOR_LOST_EVERY_MS, run: () => endLostRooms(parts) }],
        start: () => endLeftBehind(parts),
        drain: () => endings.stored(),
        stop: async () => endings.stop(),
      }
    },
  })
}
