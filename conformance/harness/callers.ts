import type { Id } from '@meydan/contracts/core'
import { type Caller, openContext, type PlayerCaller, type PlayerContext, type Running } from '@meydan/kernel/rpc'
import { type Clock, systemClock } from '@meydan/kernel/time'
import { quietLog } from './quiet.ts'

/** A player as the edge would have found out. */
export function playerCaller(playerId: Id, more: Partial<PlayerCaller> = {}): PlayerCaller {
  return { kind: 'player', playerId, sessionId: '1', roles: [], address: '127.0.0.1', ...more }
}

/** A context in which `caller` calls, with half a minute to its deadline. */
export function contextOf(caller: Caller, clock: Clock = systemClock): Running {
  return openContext({ caller, clock, log: quietLog })
}

/** The context of a player's call, as handlers of procedures for players take it. */
export function playerContext(playerId: Id, more: Partial<PlayerCaller> = {}): PlayerContext {
  const caller = playerCaller(playerId, more)
  const context = contextOf(caller)
  return {
    caller,
    deadlineMs: context.deadlineMs,
    signal: context.signal,
    traceId: context.traceId,
    traceparent: context.traceparent,
    log: quietLog,
  }
}

/** The context of a call that the service `name` makes, in a player's name when one is given. */
export function serviceContext(name: string, playerId?: Id): Running {
  return contextOf({ kind: 'service', service: name, ...(playerId !== undefined && { playerId }) })
}
