import { type CallLimit, core } from '@meydan/contracts/core'
import { type LimitState, memoryLimiter } from '@meydan/kernel/rpc'
import type { Clock } from '@meydan/kernel/time'
import type { FastifyReply } from 'fastify'

/** Requests of one address, over all calls; what a busy household behind one address may need. */
const WINDOW_S = 10

/** Counts requests per address. Throws RATE_LIMITED with when to come back. */
export function addressLimiter(pointsPerWindow: number, clock: Clock): (address: string) => LimitState {
  const limiter = memoryLimiter(clock)
  const limit: CallLimit = { points: pointsPerWindow, perS: WINDOW_S, by: 'address' }
  return (address) => {
    const { allowed, state } = limiter.take(address, limit)
    if (!allowed) throw core.RATE_LIMITED({ retryAfterS: state.resetS })
    return state
  }
}

/** Headers of draft-ietf-httpapi-ratelimit-headers: what the limit is, and what is left of it. */
export function tellLimit(reply: FastifyReply, { points, perS, remaining, resetS }: LimitState): void {
  reply.header('ratelimit-policy', `"default";q=${points};w=${perS}`)
  reply.header('ratelimit', `"default";r=${remaining};t=${resetS}`)
}
