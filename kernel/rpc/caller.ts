import { type Auth, core, type Id } from '@meydan/contracts/core'
import type { Caller, PlayerCaller, ServiceCaller } from './call.ts'

const NO_SESSION: Id = '0'

/**
 * The caller as the handler of a procedure with this `auth` sees it. Throws UNAUTHENTICATED when nobody is signed in,
 * FORBIDDEN when whoever calls may not. A service acting in a player's name may do what any player may, and no more.
 */
export function admit(auth: Auth, caller: Caller): Caller {
  switch (auth) {
    case 'public':
      return caller
    case 'player':
      return asPlayer(caller)
    case 'support': {
      const player = asPlayer(caller)
      if (!player.roles.includes('support') && !player.roles.includes('admin')) throw core.FORBIDDEN()
      return player
    }
    case 'admin': {
      const player = asPlayer(caller)
      if (!player.roles.includes('admin')) throw core.FORBIDDEN()
      return player
    }
    case 'service':
      if (caller.kind !== 'service') throw core.FORBIDDEN()
      return caller
  }
}

function asPlayer(caller: Caller): PlayerCaller {
  if (caller.kind === 'player') return caller
  if (caller.kind === 'anonymous' || caller.playerId === undefined) throw core.UNAUTHENTICATED()
  return {
    kind: 'player',
    playerId: caller.playerId,
    sessionId: caller.sessionId ?? NO_SESSION,
    roles: [],
    ...(caller.actorId !== undefined && { actorId: caller.actorId }),
    address: caller.address ?? '',
    via: caller.service,
  }
}

/** Who calls when `service`, while it answers `caller`, calls another service: itself, in the player's name if there is one. */
export function inNameOf(caller: Caller, service: string): ServiceCaller {
  if (caller.kind === 'anonymous') return { kind: 'service', service, address: caller.address }
  if (caller.playerId === undefined) return { kind: 'service', service }
  return {
    kind: 'service',
    service,
    playerId: caller.playerId,
    ...(caller.sessionId !== undefined && { sessionId: caller.sessionId }),
    ...(caller.actorId !== undefined && { actorId: caller.actorId }),
    ...(caller.address !== undefined && { address: caller.address }),
  }
}
