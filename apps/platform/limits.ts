import type { Limiter } from '@meydan/kernel/rpc'

/** The procedures' limits, times `scale`: a load test from one address needs more than one player may have. */
export function scaled(limiter: Limiter, scale: number): Limiter {
  if (scale === 1) return limiter
  return {
    take: (key, limit) => limiter.take(key, { ...limit, points: Math.max(1, Math.round(limit.points * scale)) }),
  }
}
