import type { Id } from '@meydan/contracts/core'
import { type Generated, type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Plan } from './rules.ts'

export interface MatchmakingTables {
  rooms: {
    room_id: Id
    game: string
    state: 'waiting' | 'starting' | 'playing'
    bots: number
    created_at: Date
    changed_at: Date
  }
  tickets: {
    player_id: Id
    ticket_id: Id
    game: string
    state: 'queued' | 'joining' | 'playing'
    room_id: Id | null
    asked_at: Date
    changed_at: Date
    refused_by: Generated<Id[]>
  }
}

export type Db = Kysely<MatchmakingTables>
export type Tx = Transaction<MatchmakingTables>
export type TicketRow = Selectable<MatchmakingTables['tickets']>
export type RoomRow = MatchmakingTables['rooms']

/** One matcher at a time for a game, in whatever process: the lock goes with the transaction. */
export async function lockGame(tx: Tx, game: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`matchmaking.${game}`}, 0))`.execute(tx)
}

/** False when the player has a ticket already, for whatever game. */
export async function insertTicket(
  db: Db,
  ticket: { playerId: Id; ticketId: Id; game: string; at: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('tickets')
    .values({
      player_id: ticket.playerId,
      ticket_id: ticket.ticketId,
      game: ticket.game,
      state: 'queued',
      room_id: null,
      asked_at: ticket.at,
      changed_at: ticket.at,
    })
    .onConflict((conflict) => conflict.column('player_id').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function findTicket(db: Db, playerId: Id): Promise<TicketRow | undefined> {
  return db.selectFrom('tickets').selectAll().where('player_id', '=', playerId).executeTakeFirst()
}

export async function ticketsInRoom(db: Db, roomId: Id): Promise<TicketRow[]> {
  return db.selectFrom('tickets').selectAll().where('room_id', '=', roomId).orderBy('ticket_id').execute()
}

/** Takes a waiting player out; false when there is none, or the game has begun. */
export async function deleteQueued(db: Db, playerId: Id): Promise<TicketRow | undefined> {
  const query = db.deleteFrom('tickets').where('player_id', '=', playerId).where('state', '=', 'queued').returningAll()
  return query.executeTakeFirst()
}

export async function queuedTickets(db: Db, game: string): Promise<TicketRow[]> {
  const query = db.selectFrom('tickets').selectAll().where('game', '=', game).where('state', '=', 'queued')
  return query.orderBy('ticket_id').execute()
}

export interface CountedRoom extends RoomRow {
  readonly people: number
}

export async function roomsOf(db: Db, game: string): Promise<CountedRoom[]> {
  const rows = await db
    .selectFrom('rooms')
    .leftJoin('tickets', 'tickets.room_id', 'rooms.room_id')
    .selectAll('rooms')
    .select(({ fn }) => fn.count<string>('tickets.player_id').as('people'))
    .where('rooms.game', '=', game)
    .groupBy('rooms.room_id')
    .execute()
  return rows.map((row) => ({ ...row, people: Number(row.people) }))
}

export async function countQueued(db: Db): Promise<number> {
  const query = db
    .selectFrom('tickets')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('state', '=', 'queued')
  return Number((await query.executeTakeFirstOrThrow()).count)
}

/** Games that have somebody waiting, or a room that is on its way. */
export async function busyGames(db: Db): Promise<string[]> {
  const queued = db.selectFrom('tickets').select('game').where('state', '!=', 'playing')
  const rows = await queued.union(db.selectFrom('rooms').select('game').where('state', '!=', 'playing')).execute()
  return rows.map(({ game }) => game)
}

export async function applyPlan(tx: Tx, game: string, plan: Plan, at: Date): Promise<void> {
  if (plan.drop.length > 0) {
    await tx.deleteFrom('tickets').where('player_id', 'in', plan.drop).where('state', '=', 'queued').execute()
  }
  if (plan.make.length > 0) {
    const rows = plan.make.map((room_id) => ({
      room_id,
      game,
      state: 'waiting' as const,
      bots: 0,
      created_at: at,
      changed_at: at,
    }))
    await tx.insertInto('rooms').values(rows).execute()
  }
  for (const { playerId, roomId, joining } of plan.move) {
    const change = { room_id: roomId, state: joining ? ('joining' as const) : ('queued' as const), changed_at: at }
    await tx
      .updateTable('tickets')
      .set(change)
      .where('player_id', '=', playerId)
      .where('state', '=', 'queued')
      .execute()
  }
  for (const { roomId, bots } of plan.start) {
    await tx
      .updateTable('rooms')
      .set({ state: 'starting', bots, changed_at: at })
      .where('room_id', '=', roomId)
      .execute()
  }
  if (plan.dissolve.length > 0) await tx.deleteFrom('rooms').where('room_id', 'in', plan.dissolve).execute()
}

export async function findRoom(db: Db, roomId: Id): Promise<RoomRow | undefined> {
  return db.selectFrom('rooms').selectAll().where('room_id', '=', roomId).executeTakeFirst()
}

/** The room plays, and so does everybody who waited in it; gives their ids. Nobody when it is not starting any more. */
export async function markPlaying(tx: Tx, roomId: Id, at: Date): Promise<Id[]> {
  const room = await tx
    .updateTable('rooms')
    .set({ state: 'playing', changed_at: at })
    .where('room_id', '=', roomId)
    .where('state', '=', 'starting')
    .executeTakeFirst()
  if (room.numUpdatedRows === 0n) return []
  const rows = await tx
    .updateTable('tickets')
    .set({ state: 'playing', changed_at: at })
    .where('room_id', '=', roomId)
    .where('state', '=', 'queued')
    .returning('player_id')
    .execute()
  return rows.map(({ player_id }) => player_id)
}

/** A start that failed is a waiting room again; it keeps its age. */
export async function markWaiting(db: Db, roomId: Id, at: Date): Promise<void> {
  const query = db.updateTable('rooms').set({ state: 'waiting', bots: 0, changed_at: at })
  await query.where('room_id', '=', roomId).where('state', '=', 'starting').execute()
}

export async function joiningTickets(db: Db, game: string): Promise<TicketRow[]> {
  const query = db.selectFrom('tickets').selectAll().where('game', '=', game).where('state', '=', 'joining')
  return query.orderBy('ticket_id').execute()
}

export async function markJoined(db: Db, playerId: Id, at: Date): Promise<boolean> {
  const query = db.updateTable('tickets').set({ state: 'playing', changed_at: at })
  const { numUpdatedRows } = await query
    .where('player_id', '=', playerId)
    .where('state', '=', 'joining')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The room did not take the player: back to the queue, place kept, and not to that room again. */
export async function markQueued(db: Db, playerId: Id, roomId: Id, at: Date): Promise<void> {
  const refused_by = sql<Id[]>`array_append(refused_by, ${roomId}::bigint)`
  const query = db.updateTable('tickets').set({ state: 'queued', room_id: null, changed_at: at, refused_by })
  await query.where('player_id', '=', playerId).where('state', '=', 'joining').execute()
}

/** The room is over: whoever played is free; whoever was on the way in goes back to the queue. */
export async function removeRoom(db: Db, roomId: Id): Promise<void> {
  await db.deleteFrom('tickets').where('room_id', '=', roomId).where('state', '=', 'playing').execute()
  await db.updateTable('tickets').set({ state: 'queued', room_id: null }).where('room_id', '=', roomId).execute()
  await db.deleteFrom('rooms').where('room_id', '=', roomId).execute()
}

export async function removePlayer(db: Db, playerId: Id, roomId: Id): Promise<void> {
  await db.deleteFrom('tickets').where('player_id', '=', playerId).where('room_id', '=', roomId).execute()
}
