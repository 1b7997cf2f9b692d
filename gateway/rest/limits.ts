import { type CallLimit, core } from '@meydan/contracts/core'
import type { Limiter, LimitState, Taken } from '@meydan/kernel/rpc'
import type { FastifyReply } from 'fastify'

/** Requests of one address, over all calls; what a busy household behind one address may need. */
const WINDOW_S = 10

/** Answers at once when the limiter does. */
export type AddressLimiter = (address: string) => LimitState | Promise<LimitState>

/** Counts requests per address. Throws, or rejects with, RATE_LIMITED with when to come back. */
export function addressLimiter(limiter: Limiter, pointsPerWindow: number): AddressLimiter {
  const limit: CallLimit = { points: pointsPerWindow, perS: WINDOW_S, by: 'address' }
  return (address) => {
    const taken = limiter.take(`address:${address}`, limit)
    return taken instanceof Promise ? taken.then(allowedOnly) : allowedOnly(taken)
  }
}

function allowedOnly({ allowed, state }: Taken): LimitState {
  if (!allowed) throw core.RATE_LIMITED({ retryAfterS: state.resetS })
  return state
}

/** Headers of draft-ietf-httpapi-ratelimit-headers: what the limit is, and what is left of it. */
export function tellLimit(reply: FastifyReply, { points, perS, remaining, resetS }: LimitState): void {
  reply.header('ratelimit-policy', `"default";q=${points};w=${perS}`)
  reply.header('ratelimit', `"default";r=${remaining};t=${resetS}`)
}
