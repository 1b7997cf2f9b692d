import { core } from '@meydan/contracts/core'
import type { LimitState } from '@meydan/kernel/rpc'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

/** Requests of one address, over all calls; what a busy household behind one address may need. */
const WINDOW_S = 10

/** Counts requests per address. Throws RATE_LIMITED with when to come back. */
export function addressLimiter(pointsPerWindow: number): (address: string) => Promise<LimitState> {
  const limiter = new RateLimiterMemory({ points: pointsPerWindow, duration: WINDOW_S })
  const stateOf = (result: RateLimiterRes): LimitState => ({
    points: pointsPerWindow,
    perS: WINDOW_S,
    remaining: result.remainingPoints,
    resetS: Math.ceil(result.msBeforeNext / 1_000),
  })
  return async (address) => {
    try {
      return stateOf(await limiter.consume(address))
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error
      throw core.RATE_LIMITED({ retryAfterS: Math.ceil(error.msBeforeNext / 1_000) })
    }
  }
}

/** Headers of draft-ietf-httpapi-ratelimit-headers: what the limit is, and what is left of it. */
export function limitHeaders({ points, perS, remaining, resetS }: LimitState): Record<string, string> {
  return {
    'ratelimit-policy': `"default";q=${points};w=${perS}`,
    ratelimit: `"default";r=${Math.max(0, remaining)};t=${resetS}`,
  }
}
