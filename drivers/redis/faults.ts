import { core, Fault } from '@meydan/contracts/core'
import { ErrorReply } from '@redis/client'

const RETRY_AFTER_S = 2

/** First words of answers that say: not now (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors). */
const NOT_NOW = new Set([
  'BUSY', // a script of somebody else's runs and runs
  'CLUSTERDOWN',
  'LOADING', // reads what it had on disk
  'MASTERDOWN',
  'MISCONF', // cannot write to disk
  'NOREPLICAS',
  'OOM',
  'READONLY', // a replica: a failover is under way
  'TRYAGAIN',
])

/**
 * What callers may see of an error: UNAVAILABLE (with `retryAfterS`) while Redis is away, silent, or cannot take a command now.
 * Any other answer of Redis, and what is a mistake of ours, is passed on as it is.
 */
export function redisFault(error: unknown): unknown {
  if (error instanceof Fault || error instanceof TypeError || error instanceof RangeError) return error
  if (error instanceof ErrorReply && !NOT_NOW.has(error.message.split(' ')[0] ?? '')) return error
  return core.UNAVAILABLE({ message: 'Redis is away; try again shortly.', retryAfterS: RETRY_AFTER_S, cause: error })
}
