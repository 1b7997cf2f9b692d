export * from './down.ts'
export * from './up.ts'

export const SUBPROTOCOLS = ['meydan.v2.json', 'meydan.v2.msgpack'] as const
export type Subprotocol = (typeof SUBPROTOCOLS)[number]

/** Close codes: of our own but the first (4000–4999 are free for applications, RFC 6455 §7.4.2). */
export const CLOSE = {
  /** No session can be had here now; try again shortly (the registry's "Try Again Later"). */
  unavailable: 1013,
  /** A first frame that is neither hello nor resume, or none in time. */
  helloExpected: 4000,
  /** The token is not valid, or not the session's player's. */
  unauthenticated: 4001,
  /** Too many bad frames. */
  badFrames: 4002,
  /** No frame and no pong for two heartbeats. */
  heartbeat: 4003,
  /** The session went on over another connection. */
  replaced: 4004,
  /** The account's session was ended. */
  revoked: 4005,
  /** Reads too slowly to keep up. */
  slow: 4008,
  /** The server is stopping; resume elsewhere. */
  draining: 4009,
} as const
