import { Fault, type Id } from '@meydan/contracts/core'
import { QUEUE_CHANGED, type Status } from '@meydan/contracts/matchmaking'
import type { CallContext } from '@meydan/kernel/rpc'
import type { MatcherParts } from './matcher.ts'
import { botsAtMs } from './rules.ts'
import { findTicket, type MatchmakingTables, removePlayer, type TicketRow, ticketsInRoom } from './store.ts'

type StatusParts = Pick<MatcherParts, 'kit' | 'games' | 'botWaitMs'>

/**
 * Where a player stands. Who has just left a room, or whose room is gone, is free at once: the event that says so
 * may still be on its way, and must not answer a player's next ask with the room before (A4).
 */
export async function statusOf(parts: StatusParts, playerId: Id, context: CallContext): Promise<Status> {
  const db = parts.kit.db.tables<MatchmakingTables>()
  let ticket = await findTicket(db, playerId)
  if (
    ticket?.state === 'playing' &&
    ticket.room_id !== null &&
    !(await isSeated(parts, playerId, ticket.room_id, context))
  ) {
    await removePlayer(db, playerId, ticket.room_id)
    ticket = undefined
  }
  if (!ticket) return { state: 'idle' }
  if (ticket.state === 'playing' && ticket.room_id !== null) {
    return { state: 'playing', game: ticket.game, roomId: ticket.room_id }
  }
  const together = ticket.room_id === null ? [ticket] : await ticketsInRoom(db, ticket.room_id)
  return queuedStatus(parts, ticket, together)
}

async function isSeated({ kit }: StatusParts, playerId: Id, roomId: Id, context: CallContext): Promise<boolean> {
  try {
    const { seats } = await kit.call.rooms.find({ roomId }, context)
    return seats.some((seat) => seat.playerId === playerId)
  } catch (error) {
    if (error instanceof Fault && error.code === 'ROOM_GONE') return false
    throw error
  }
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
