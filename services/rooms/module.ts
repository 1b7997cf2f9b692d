import { rooms } from '@meydan/contracts/rooms'
import { type Kit, service } from '@meydan/kernel/rpc'
import { endLostRooms, recordEnd } from './ending.ts'
import { type RoomsOptions, roomsHandlers } from './handlers.ts'

export function roomsService(options: RoomsOptions) {
  return service({
    contract: rooms,
    calls: {},
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: Kit<Record<never, never>>) {
      const recording = new Set<Promise<void>>()
      options.engine.onEnd((end) => {
        const work = recordEnd(kit, end).catch((error: unknown) =>
          kit.log.error({ err: error, end }, 'the end of a room was lost'),
        )
        recording.add(work)
        void work.finally(() => recording.delete(work))
      })
      return {
        handlers: roomsHandlers(kit, options),
        start: () => endLostRooms(kit, options.processId),
        drain: async () => void (await Promise.all(recording)),
      }
    },
  })
}
