import type { Id, Role } from '@meydan/contracts/core'
import type { Log } from '../telemetry/index.ts'

/** Who calls, as the edge found out (a token) or as a service token says. */
export type Caller =
  | { readonly kind: 'anonymous'; readonly address: string; readonly userAgent?: string }
  | {
      readonly kind: 'player'
      readonly playerId: Id
      readonly sessionId: Id
      readonly roles: readonly Role[]
      /** The member of staff who entered this account for a check. Such a caller may look, and change nothing of the player's. */
      readonly actorId?: Id
      readonly address: string
      readonly userAgent?: string
    }
  /** A service by itself, or in a player's name (`playerId`) when a player's call led to this one. */
  | { readonly kind: 'service'; readonly service: string; readonly playerId?: Id }

/** What travels with a call, wherever it is answered. */
export interface CallContext {
  readonly caller: Caller
  /** Wall time in ms since 1970, after which nobody waits for the answer. */
  readonly deadlineMs: number
  /** Aborts when the deadline passes or the caller goes away. */
  readonly signal: AbortSignal
  /** 32 hexadecimal digits, as in W3C trace context. */
  readonly traceId: string
  readonly traceparent: string
  readonly log: Log
}

/** A context in which the caller is known to be a player, as handlers of `auth: 'player'` procedures get it. */
export type PlayerContext = CallContext & { readonly caller: Extract<Caller, { kind: 'player' }> }
