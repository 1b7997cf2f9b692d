import type { ForeignSocket } from './feeds.ts'

/** Packets that wait for a reader, beyond which it is too slow to keep. Those that may be dropped never wait. */
export const UNSENT_PACKETS_MAX = 1_000

/** Ends a connection that does not read what it is sent, so that what waits for it never grows. */
export function boundUnsent({ conn }: ForeignSocket): void {
  let unsent = 0
  conn.on('packetCreate', () => {
    unsent++
    if (unsent > UNSENT_PACKETS_MAX) conn.close(true)
  })
  conn.on('flush', () => {
    unsent = 0
  })
}
