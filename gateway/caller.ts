import type { Caller } from '@meydan/kernel/rpc'
import type { Owner } from '@meydan/realtime/hub'

/** Where somebody calls from, and with what. */
export interface Origin {
  readonly address: string
  readonly userAgent: string
}

const USER_AGENT_LENGTH_MAX = 256

export function originOf(address: string, userAgent: string | undefined): Origin {
  return { address, userAgent: (userAgent ?? '').slice(0, USER_AGENT_LENGTH_MAX) }
}

/** Whoever calls from there: the player that a verified token names, or nobody that is known. */
export function callerFrom({ address, userAgent }: Origin, owner: Owner | null): Caller {
  if (!owner) return { kind: 'anonymous', address, userAgent }
  const { playerId, sessionId, roles, actorId } = owner
  return { kind: 'player', playerId, sessionId, roles, address, userAgent, ...(actorId !== undefined && { actorId }) }
}
