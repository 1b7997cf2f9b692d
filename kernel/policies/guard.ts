import { core } from '@meydan/contracts/core'
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  wrap,
} from 'cockatiel'

export interface GuardOptions {
  /** Calls under way at once; what comes on top is refused, since waiting would only move the queue here. */
  readonly openMax: number
  /** This many failures in a row open the breaker. */
  readonly failuresMax: number
  /** How long the breaker stays open before it lets one call try. */
  readonly openForMs: number
  /** Which errors say that the other side is broken, and not merely that it answered no. */
  readonly isBreakage: (error: unknown) => boolean
  /** Told of every change of the breaker. */
  readonly onState?: (state: BreakerState) => void
}

export type BreakerState = 'closed' | 'open' | 'half-open'

/** Keeps one remote address from drawing its callers down with it: a bulkhead, and within it a circuit breaker. */
export interface Guard {
  readonly state: BreakerState
  /** Runs the work. Throws UNAVAILABLE without running it while the breaker is open or `openMax` are under way. */
  run<T>(work: () => Promise<T>): Promise<T>
}

export function guard(options: GuardOptions): Guard {
  const breaker = circuitBreaker(handleWhen(options.isBreakage), {
    halfOpenAfter: options.openForMs,
    breaker: new ConsecutiveBreaker(options.failuresMax),
  })
  const policy = wrap(bulkhead(options.openMax), breaker)
  if (options.onState) breaker.onStateChange((state) => options.onState?.(named(state)))
  return {
    get state() {
      return named(breaker.state)
    },
    async run(work) {
      try {
        return await policy.execute(work)
      } catch (error) {
        if (error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError) {
          throw core.UNAVAILABLE({ retryAfterS: Math.ceil(options.openForMs / 1_000), cause: error })
        }
        throw error
      }
    },
  }
}

function named(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return 'closed'
  return state === CircuitState.HalfOpen ? 'half-open' : 'open'
}
