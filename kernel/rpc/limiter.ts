import type { CallLimit } from '@meydan/contracts/core'
import type { Clock } from '../time/index.ts'
import type { LimitState } from './call.ts'

export interface Taken {
  readonly allowed: boolean
  readonly state: LimitState
}

/** Counts calls against a procedure's limit. Answers at once when it can: a promise per call would cost every call. */
export interface Limiter {
  /** Takes one point of `limit` from `key` (call and caller). */
  take(key: string, limit: CallLimit): Taken | Promise<Taken>
}

/** A limiter that always answers at once. */
export interface MemoryLimiter extends Limiter {
  take(key: string, limit: CallLimit): Taken
}

interface Window {
  endsMs: number
  taken: number
}

/** Counters kept at once; beyond it the oldest are forgotten, which forgives rather than refuses. */
const KEYS_MAX = 100_000

/** Fixed windows in this process's memory: right for one process, generous by the number of processes beyond one. */
export function memoryLimiter(clock: Clock, keysMax: number = KEYS_MAX): MemoryLimiter {
  const windows = new Map<string, Window>()

  const fresh = (key: string, nowMs: number, perS: number): Window => {
    // Deleting first moves the key to the end: the map stays in the order the windows began.
    windows.delete(key)
    for (const [oldest, window] of windows) {
      if (window.endsMs > nowMs && windows.size < keysMax) break
      windows.delete(oldest)
    }
    const window = { endsMs: nowMs + perS * 1_000, taken: 0 }
    windows.set(key, window)
    return window
  }

  return {
    take(key, limit) {
      const nowMs = clock.monotonic()
      let window = windows.get(key)
      if (window === undefined || window.endsMs <= nowMs) window = fresh(key, nowMs, limit.perS)
      window.taken++
      return {
        allowed: window.taken <= limit.points,
        state: {
          points: limit.points,
          perS: limit.perS,
          remaining: Math.max(0, limit.points - window.taken),
          resetS: Math.ceil((window.endsMs - nowMs) / 1_000),
        },
      }
    },
  }
}
