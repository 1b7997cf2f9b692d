import type { Envelope, RetryPolicy } from '@meydan/kernel/events'
import type { JobInsert, Queue } from 'pg-boss'

const DAY_S = 24 * 60 * 60
/** Events wait this long for a consumer that is down, and dead letters for somebody to look. */
const WAITING_KEPT_S = 90 * DAY_S
/** Handled events are kept a while so that a batch published twice is recognised. */
const HANDLED_KEPT_S = 60 * 60
/** A consumer whose process died is found out by its heart having stopped this long. */
const HEARTBEAT_S = 10
const EXPIRE_S = 120

const DEAD_PREFIX = 'dead/'

export function deadQueue(group: string): string {
  return DEAD_PREFIX + group
}

export function groupOfDeadQueue(queue: string): string {
  return queue.slice(DEAD_PREFIX.length)
}

export function queueOptions(retry: RetryPolicy) {
  return {
    notify: true,
    retryLimit: retry.retries,
    retryDelay: retry.delayS,
    retryBackoff: retry.delayS > 0,
    ...(retry.delayS > 0 && { retryDelayMax: retry.delayMaxS }),
    expireInSeconds: EXPIRE_S,
    heartbeatSeconds: HEARTBEAT_S,
    retentionSeconds: WAITING_KEPT_S,
    deleteAfterSeconds: HANDLED_KEPT_S,
  } satisfies Partial<Queue>
}

export const DEAD_QUEUE_OPTIONS = { retentionSeconds: WAITING_KEPT_S } satisfies Partial<Queue>

/**
 * Jobs for a batch, in as few insertions as keep the order. pg-boss orders a key's jobs by time of insertion, then by
 * their id, and ours follows the event's; so only where a later event of a key has the smaller id (made by a process whose
 * clock is behind) must it go into an insertion of its own.
 */
export function orderedInsertions(batch: readonly Envelope[]): JobInsert<Envelope>[][] {
  const insertions: JobInsert<Envelope>[][] = []
  let lastIds = new Map<string, bigint>()
  let current: JobInsert<Envelope>[] = []
  for (const envelope of batch) {
    const id = BigInt(envelope.id)
    const last = lastIds.get(envelope.key)
    if (last !== undefined && id <= last) {
      insertions.push(current)
      current = []
      lastIds = new Map()
    }
    lastIds.set(envelope.key, id)
    current.push({ id: jobId(id), data: envelope, singletonKey: envelope.key })
  }
  if (current.length > 0) insertions.push(current)
  return insertions
}

/** One event is one job in a queue, however often it is published. As uuids the ids sort as they do as numbers. */
function jobId(id: bigint): string {
  const hex = id.toString(16).padStart(16, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-0000-000000000000`
}
