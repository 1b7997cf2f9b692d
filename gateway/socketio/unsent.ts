/** Packets that wait for a reader, beyond which it is too slow to keep. Those that may be dropped never wait. */
export const UNSENT_PACKETS_MAX = 1_000

/** A connection of Engine.IO: `flush` says that all that waited was handed to the transport. */
interface Sending {
  on(event: 'packetCreate' | 'flush', heard: () => void): unknown
  close(discard: boolean): unknown
}

/** Ends a connection that does not read what it is sent, so that what waits for it never grows. */
export function boundUnsent(connection: Sending): void {
  let unsent = 0
  connection.on('packetCreate', () => {
    unsent++
    if (unsent > UNSENT_PACKETS_MAX) connection.close(true)
  })
  connection.on('flush', () => {
    unsent = 0
  })
}
