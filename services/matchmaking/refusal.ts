import { Fault } from '@meydan/contracts/core'

const SERVER_STATUS_MIN = 500
/** Said about the call, not about the room. */
const ABOUT_THE_CALL = new Set(['RATE_LIMITED', 'CANCELLED'])

/** A clear no. After anything else (no answer, too late, broken) the thing asked for may have happened, or happen yet. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Fault && error.status < SERVER_STATUS_MIN && !ABOUT_THE_CALL.has(error.code)
}
