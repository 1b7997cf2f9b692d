import { core } from '@meydan/contracts/core'
import { MATCH_REQUESTED, type matchmaking, matchmakingErrors } from '@meydan/contracts/matchmaking'
import type { Handlers } from '@meydan/kernel/rpc'
import type { MatcherParts } from './matcher.ts'
import { sayPresent } from './presence.ts'
import { statusOf, tellRoom } from './status.ts'
import { deleteQueued, insertTicket, type MatchmakingTables } from './store.ts'

export function matchmakingHandlers(parts: MatcherParts): Handlers<typeof matchmaking> {
  const { kit, games } = parts
  return {
    async ask({ game }, context) {
      const { caller, traceparent } = context
      if (!games.has(game)) throw matchmakingErrors.UNKNOWN_GAME({ details: { field: 'game' } })
      if (caller.actorId !== undefined)
        throw core.FORBIDDEN({ message: 'Staff who entered an account for a check may not play on it.' })
      const { playerId } = caller
      await sayPresent(kit, playerId)
      const before = await statusOf(parts, playerId, context)
      if (before.state !== 'idle') return before
      const ticketId = kit.nextId()
      const at = new Date(kit.clock.now())
      // With the player's first ticket goes the event that a consumer takes up (A1); asking again changes nothing (A4).
      await kit.db.transaction<MatchmakingTables, void>(async (tx) => {
        if (!(await insertTicket(tx, { playerId, ticketId, game, at }))) return
        await kit.events.publish(
          tx,
          MATCH_REQUESTED,
          { ticketId, playerId, game, at: at.toISOString() },
          { traceparent },
        )
      })
      return statusOf(parts, playerId, context)
    },

    async status(_input, context) {
      await sayPresent(kit, context.caller.playerId)
      return statusOf(parts, context.caller.playerId, context)
    },

    async cancel(_input, context) {
      const { caller } = context
      const left = await deleteQueued(kit.db.tables<MatchmakingTables>(), caller.playerId)
      if (left?.room_id) await tellRoom(parts, left.room_id)
      return statusOf(parts, caller.playerId, context)
    },

    async stillHere(_input, { caller }) {
      await sayPresent(kit, caller.playerId)
      return {}
    },
  }
}
