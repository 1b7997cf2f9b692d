import type { Id, Role } from '@meydan/contracts/core'
import type { Log } from '../telemetry/index.ts'

export interface AnonymousCaller {
  readonly kind: 'anonymous'
  readonly address: string
  readonly userAgent?: string
}

export interface PlayerCaller {
  readonly kind: 'player'
  readonly playerId: Id
  /** `'0'` when a service calls in the player's name outside of any session. */
  readonly sessionId: Id
  /** Always empty when a service calls in the player's name: a role is used at the edge or not at all. */
  readonly roles: readonly Role[]
  readonly address: string
  readonly userAgent?: string
  /** The member of staff who entered this account for a check. Such a caller may look, and change nothing of the player's. */
  readonly actorId?: Id
  /** The service that calls in the player's name; absent when the player called. */
  readonly via?: string
}

/** A service by itself, or in a player's name (`playerId`) when a player's call led to this one. */
export interface ServiceCaller {
  readonly kind: 'service'
  readonly service: string
  readonly playerId?: Id
  /** Session, member of staff looking in, and address of the player's call that led to this one. */
  readonly sessionId?: Id
  readonly actorId?: Id
  readonly address?: string
}

/** Who calls, as the edge found out (a token) or as a service token says. */
export type Caller = AnonymousCaller | PlayerCaller | ServiceCaller

/** How much of a procedure's limit the caller has left; what `RateLimit` headers say. */
export interface LimitState {
  readonly points: number
  readonly perS: number
  readonly remaining: number
  /** Seconds until the window begins anew. */
  readonly resetS: number
}

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
export type PlayerContext = CallContext & { readonly caller: PlayerCaller }
