import type { Id } from '@meydan/contracts/core'
import { QUEUE_CHANGED, type Status } from '@meydan/contracts/matchmaking'
import type { MatcherParts } from './matcher.ts'
import { botsAtMs } from './rules.ts'
import { findTicket, type MatchmakingTables, type TicketRow, ticketsInRoom } from './store.ts'

type StatusParts = Pick<MatcherParts, 'kit' | 'games' | 'botWaitMs'>

/** Where a player stands. */
export async function statusOf(parts: StatusParts, playerId: Id): Promise<Status> {
  const db = parts.kit.db.tables<MatchmakingTables>()
  const ticket = await findTicket(db, playerId)
  if (!ticket) return { state: 'idle' }
  if (ticket.state === 'playing' && ticket.room_id !== null) {
    return { state: 'playing', game: ticket.game, roomId: ticket.room_id }
  }
  const together = ticket.room_id === null ? [ticket] : await ticketsInRoom(db, ticket.room_id)
  return queuedStatus(parts, ticket, together)
}

/** Tells everybody in a waiting room how it stands. */
export async function tellRoom(parts: StatusParts, roomId: Id): Promise<void> {
  const together = await ticketsInRoom(parts.kit.db.tables<MatchmakingTables>(), roomId)
  for (const ticket of together) {
    const status = queuedStatus(parts, ticket, together)
    await parts.kit.topics.publish(`user:${ticket.player_id}`, QUEUE_CHANGED, { status })
  }
}

function queuedStatus({ games, botWaitMs }: StatusParts, ticket: TicketRow, together: readonly TicketRow[]): Status {
  const members = together.length > 0 ? together : [ticket]
  const botsAt = botsAtMs(
    members.map(({ asked_at }) => ({ askedAtMs: asked_at.getTime() })),
    botWaitMs,
  )
  return {
    state: 'queued',
    game: ticket.game,
    ticketId: ticket.ticket_id,
    since: ticket.asked_at.toISOString(),
    seated: members.length,
    needed: games.get(ticket.game)?.seats.min ?? 1,
    botsAt: new Date(botsAt).toISOString(),
  }
}
