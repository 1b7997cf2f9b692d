import { USER_DELETED } from '@meydan/contracts/identity'
import { DELETED_PLAYER_NAME } from '@meydan/contracts/players'
import { type Listener, listen } from '@meydan/kernel/events'
import type { Kit } from '@meydan/kernel/rpc'
import type { RoomsAnywhere } from '@meydan/realtime/line'
import { leaveRunning, publishLeft } from './leaving.ts'
import { giveUpElsewhere, type RoomsTables, renameSeats } from './store.ts'

/** What rooms hear. They publish ROOM_OPENED, SEAT_LEFT and ROOM_ENDED. */
export function roomsListeners({ clock, events }: Kit, anywhere: RoomsAnywhere): Listener[] {
  return [
    listen<typeof USER_DELETED, RoomsTables>(USER_DELETED, 'forget', async (tx, { data, traceparent }) => {
      const at = new Date(clock.now())
      const left = await giveUpElsewhere(tx, undefined, [data.userId], at)
      await renameSeats(tx, data.userId, DELETED_PLAYER_NAME)
      await publishLeft(events, tx, left, at, traceparent)
      for (const seat of left) await leaveRunning(anywhere, seat)
    }),
  ]
}
