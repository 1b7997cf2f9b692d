import { core, Fault } from '@meydan/contracts/core'

const RETRY_AFTER_S = 2

/** What pg and pg-pool say, without a code, when a connection cannot be had or is gone. */
const CONNECTION_LOST = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Query read timeout',
  'Cannot use a pool after calling end',
  'Client was closed',
]

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
])

/** SQLSTATE codes (https://www.postgresql.org/docs/18/errcodes-appendix.html) after which the session is of no more use. */
const SESSION_OVER = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '25P04'])

/** Nothing is wrong with the statement; the server cannot take it now. */
const SERVER_AWAY = new Set([
  '53100', // disk full
  '53200', // out of memory
  '53300', // too many connections
  '25006', // read-only: a standby, or a failover that is under way
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // lock not available in time
])

/** A migration changed a table beneath a prepared statement. A new connection knows the table as it is. */
const PLAN_STALE = 'cached plan must not change result type'

const QUERY_CANCELED = '57014'

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** True when the connection that threw must not be used again. */
export function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.message === PLAN_STALE) return true
  const code = codeOf(error)
  if (code !== undefined) return NETWORK_CODES.has(code) || code.startsWith('08') || SESSION_OVER.has(code)
  return CONNECTION_LOST.some((sentence) => error.message.startsWith(sentence))
}

/**
 * What callers may see of a database error: UNAVAILABLE (with `retryAfterS`) while Postgres is away or too busy,
 * DEADLINE_EXCEEDED for a statement that ran into its timeout. Any other error is passed on as it is.
 */
export function databaseFault(error: unknown): unknown {
  if (error instanceof Fault) return error
  const code = codeOf(error)
  if (code === QUERY_CANCELED) {
    return core.DEADLINE_EXCEEDED({ message: 'The database took longer than a statement may.', cause: error })
  }
  if (isConnectionLost(error) || (code !== undefined && SERVER_AWAY.has(code))) {
    return core.UNAVAILABLE({
      message: 'The database is away; try again shortly.',
      retryAfterS: RETRY_AFTER_S,
      cause: error,
    })
  }
  return error
}
