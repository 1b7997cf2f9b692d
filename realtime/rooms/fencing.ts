import type { Log } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
import type { OwnedRoom } from './owned.ts'

/** What the lines of the fencing log say. */
export const FENCING = { taken: 'room taken', letGo: 'room let go' } as const

/**
 * One line when a room is taken with a fencing token and one when that token is let go of, with the time of the last tick it was good for: from the
 * lines of all processes can be told that a room's tokens grew and that no two owners played it at a time. Times are in ms since 1970.
 */
export function fencingLog(log: Log, clock: Clock) {
  return {
    taken({ room: { roomId }, lease }: OwnedRoom): void {
      log.info({ roomId, fence: String(lease.token), atMs: clock.now() }, FENCING.taken)
    },
    letGo({ room: { roomId }, lease, tickedAtMs }: OwnedRoom): void {
      const agoMs = tickedAtMs === undefined ? undefined : clock.monotonic() - tickedAtMs
      const lastTickMs = agoMs === undefined ? null : clock.now() - agoMs
      log.info({ roomId, fence: String(lease.token), lastTickMs }, FENCING.letGo)
    },
  }
}
