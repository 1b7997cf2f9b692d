import { randomInt } from 'node:crypto'
import type { Id } from '@meydan/contracts/core'
import type { Clock } from '../time/index.ts'

/** 2015-01-01T00:00:00Z, where the ids' time begins (the epoch of Discord's snowflakes). */
export const ID_EPOCH_MS = 1_420_070_400_000n
const NODE_BITS = 10n
const SEQUENCE_BITS = 12n
export const NODE_MAX = 1023
const SEQUENCE_MAX = 4095

export type NextId = () => Id

/**
 * Makes 64-bit ids that sort by time: 42 bits of milliseconds since 2015, 10 of node, 12 of sequence.
 * Unique while no two living processes share a node number. When the wall clock goes back, or more than
 * 4,096 ids are asked for in one millisecond, it counts on from the last millisecond it used.
 */
export function idMaker(clock: Clock, node: number = randomInt(NODE_MAX + 1)): NextId {
  if (!Number.isInteger(node) || node < 0 || node > NODE_MAX) throw new RangeError(`node must be 0 to ${NODE_MAX}`)
  let lastMs = 0
  let sequence = 0
  return () => {
    const nowMs = clock.now()
    if (nowMs > lastMs) {
      lastMs = nowMs
      sequence = 0
    } else if (++sequence > SEQUENCE_MAX) {
      lastMs++
      sequence = 0
    }
    const time = BigInt(lastMs) - ID_EPOCH_MS
    return String((time << (NODE_BITS + SEQUENCE_BITS)) | (BigInt(node) << SEQUENCE_BITS) | BigInt(sequence))
  }
}

/** 2⁶³ − 1 */
const ID_MAX = 9_223_372_036_854_775_807n

/** Every id made at or after that moment (milliseconds since 1970) is at least this number. */
export function firstIdAt(timeMs: number): bigint {
  const first = (BigInt(timeMs) - ID_EPOCH_MS) << (NODE_BITS + SEQUENCE_BITS)
  if (first < 0n) return 0n
  return first > ID_MAX ? ID_MAX : first
}

/** When an id was made, in milliseconds since 1970. */
export function idTimeMs(id: Id): number {
  return Number((BigInt(id) >> (NODE_BITS + SEQUENCE_BITS)) + ID_EPOCH_MS)
}
