import type { Id } from '@meydan/contracts/core'
import { MATCH_FOUND, QUEUE_CHANGED, type Status } from '@meydan/contracts/matchmaking'
import type { CallContext } from '@meydan/kernel/rpc'
import type { MatcherParts } from './parts.ts'
import { botsAtMs } from './rules.ts'
import { findTicket, type MatchmakingTables, type TicketRow, ticketsInRoom } from './store.ts'

export interface Standing {
  readonly status: Status
  /** The room that the player's ticket still names though the player sits there no more. */
  readonly left?: Id
}

/**
 * Where a player stands. Who has just left a room, or whose room is over, is free at once: the event that says so
 * may still be on its way, and must not answer a player's next ask with the room before (A4).
 */
export async function standingOf(parts: MatcherParts, playerId: Id, context: CallContext): Promise<Standing> {
  const db = parts.kit.db.tables<MatchmakingTables>()
  const ticket = await findTicket(db, playerId)
  if (!ticket) return { status: { state: 'idle' } }
  if (ticket.state === 'playing' && ticket.room_id !== null) {
    const { game, room_id: roomId } = ticket
    const isSeated = await holdsSeat(parts, playerId, roomId, context)
    return isSeated ? { status: { state: 'playing', game, roomId } } : { status: { state: 'idle' }, left: roomId }
  }
  const together = ticket.room_id === null ? [ticket] : await ticketsInRoom(db, ticket.room_id)
  return { status: queuedStatus(parts, ticket, together) }
}

async function holdsSeat({ kit }: MatcherParts, playerId: Id, roomId: Id, context: CallContext): Promise<boolean> {
  const { rooms } = await kit.call.rooms.running({ roomIds: [roomId] }, context)
  return rooms.some((room) => room.roomId === roomId && room.playerIds.includes(playerId))
}

/** Tells everybody in a waiting room how it stands. */
export async function tellRoom(parts: MatcherParts, roomId: Id): Promise<void> {
  const together = await ticketsInRoom(parts.kit.db.tables<MatchmakingTables>(), roomId)
  for (const ticket of together) {
    const status = queuedStatus(parts, ticket, together)
    await parts.kit.topics.publish(`user:${ticket.player_id}`, QUEUE_CHANGED, { status })
  }
}

export async function tellFound({ kit }: MatcherParts, playerId: Id, roomId: Id, game: string): Promise<void> {
  await kit.topics.publish(`user:${playerId}`, MATCH_FOUND, { roomId, game })
}

function queuedStatus({ games, botWaitMs }: MatcherParts, ticket: TicketRow, together: readonly TicketRow[]): Status {
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
