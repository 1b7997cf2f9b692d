import { core } from '@meydan/contracts/core'
import { MATCH_REQUESTED, type matchmaking, matchmakingErrors } from '@meydan/contracts/matchmaking'
import type { Handlers } from '@meydan/kernel/rpc'
import type { Matcher } from './matcher.ts'
import type { MatcherParts } from './parts.ts'
import { sayPresent } from './presence.ts'
import { standingOf, tellRoom } from './status.ts'
import { deleteQueued, insertTicket, type MatchmakingTables, replaceTicket } from './store.ts'

export function matchmakingHandlers(parts: MatcherParts, matcher: Matcher): Handlers<typeof matchmaking> {
  const { kit, games } = parts
  return {
    async ask({ game }, context) {
      const { caller, traceparent } = context
      if (!games.has(game)) throw matchmakingErrors.UNKNOWN_GAME({ details: { field: 'game' } })
      if (caller.actorId !== undefined)
        throw core.FORBIDDEN({ message: 'Staff who entered an account for a check may not play on it.' })
      const { playerId } = caller
      await sayPresent(kit, playerId)
      const before = await standingOf(parts, playerId, context)
      if (before.status.state !== 'idle') return before.status
      const ticketId = kit.nextId()
      const at = new Date(kit.clock.now())
      const ticket = { playerId, ticketId, game, at }
      // With the player's first ticket goes the event that a consumer takes up (A1); asking again changes nothing (A4).
      await kit.db.transaction<MatchmakingTables, void>(async (tx) => {
        const isReplaced = before.left !== undefined && (await replaceTicket(tx, before.left, ticket))
        if (!isReplaced && !(await insertTicket(tx, ticket))) return
        const data = { ticketId, playerId, game, at: at.toISOString() }
        await kit.events.publish(tx, MATCH_REQUESTED, data, { traceparent })
      })
      // The event is the promise; this only spares the player its way through the bus.
      matcher.wake(game)
      return (await standingOf(parts, playerId, context)).status
    },

    async status(_input, context) {
      await sayPresent(kit, context.caller.playerId)
      return (await standingOf(parts, context.caller.playerId, context)).status
    },

    async cancel(_input, context) {
      const { caller } = context
      const left = await deleteQueued(kit.db.tables<MatchmakingTables>(), caller.playerId)
      if (left?.room_id) await tellRoom(parts, left.room_id)
      return (await standingOf(parts, caller.playerId, context)).status
    },

    async stillHere(_input, { caller }) {
      await sayPresent(kit, caller.playerId)
      return {}
    },
  }
}
