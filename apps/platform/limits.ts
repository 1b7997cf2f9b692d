import { type Limiter, memoryLimiter } from '@meydan/kernel/rpc'
import type { Clock } from '@meydan/kernel/time'

/** The procedures' limits, times `scale`: a load test from one address needs more than one player may have. */
export function limiterOf(clock: Clock, scale: number): Limiter {
  const limiter = memoryLimiter(clock)
  if (scale === 1) return limiter
  return {
    take: (key, limit) => limiter.take(key, { ...limit, points: Math.max(1, Math.round(limit.points * scale)) }),
  }
}
