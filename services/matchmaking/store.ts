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

export interface NewTicket {
  readonly playerId: Id
  readonly ticketId: Id
  readonly game: string
  readonly at: Date
}

const queuedRow = ({ ticketId, game, at }: NewTicket) => ({
  ticket_id: ticketId,
  game,
  state: 'queued' as const,
  room_id: null,
  asked_at: at,
  changed_at: at,
})

/** False when the player has a ticket already, for whatever game. */
export async function insertTicket(db: Db, ticket: NewTicket): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('tickets')
    .values({ player_id: ticket.playerId, ...queuedRow(ticket) })
    .onConflict((conflict) => conflict.column('player_id').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** A new ticket for somebody whose ticket still names `left`, a room the player sits in no more, and gets no seat in again. */
export async function replaceTicket(db: Db, left: Id, ticket: NewTicket): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('tickets')
    .set({ ...queuedRow(ticket), refused_by: [left] })
    .where('player_id', '=', ticket.playerId)
    .where('room_id', '=', left)
    .where('state', '=', 'playing')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function findTicket(db: Db, playerId: Id): Promise<TicketRow | undefined> {
  return db.selectFrom('tickets').selectAll().where('player_id', '=', playerId).executeTakeFirst()
}

export async function ticketsInRoom(db: Db, roomId: Id): Promise<TicketRow[]> {
  return db.selectFrom('tickets').selectAll().where('room_id', '=', roomId).orderBy('ticket_id').execute()
}

/** Takes a waiting player out and gives the ticket; nothing happens to a player whose game is starting. */
export async function deleteQueued(db: Db, playerId: Id): Promise<TicketRow | undefined> {
  const query = db.deleteFrom('tickets').where('player_id', '=', playerId).where('state', '=', 'queued').returningAll()
  return query.executeTakeFirst()
}

/** In the order of the queue. Locked until the transaction ends: whoever cancels meanwhile waits to see what was decided. */
export async function lockQueuedTickets(tx: Tx, game: string): Promise<TicketRow[]> {
  const query = tx.selectFrom('tickets').selectAll().where('game', '=', game).where('state', '=', 'queued')
  return query.orderBy('ticket_id').forUpdate().execute()
}

/** What makes a room that plays one that somebody may still join. */
export interface Joinable {
  readonly seatsMax: number
  /** Those that began before are too old; null: nobody joins a room that plays. */
  readonly since: Date | null
}

export interface CountedRoom extends RoomRow {
  readonly state: 'waiting' | 'playing'
  /** People in it, those on their way in included. */
  readonly people: number
}

/** Rooms that wait, and those that play and can be joined. All others stay where they are: with many matches they are nearly all of them. */
export async function openRooms(db: Db, game: string, { seatsMax, since }: Joinable): Promise<CountedRoom[]> {
  const rows = await db
    .selectFrom('rooms')
    .leftJoin('tickets', 'tickets.room_id', 'rooms.room_id')
    .selectAll('rooms')
    .select(({ fn }) => fn.count<string>('tickets.player_id').as('people'))
    .where('rooms.game', '=', game)
    .where(({ eb, or, and }) =>
      or([
        eb('rooms.state', '=', 'waiting'),
        ...(since ? [and([eb('rooms.state', '=', 'playing'), eb('rooms.changed_at', '>', since)])] : []),
      ]),
    )
    .groupBy('rooms.room_id')
    .having(({ eb, or, fn }) =>
      or([eb('rooms.state', '=', 'waiting'), eb(fn.count('tickets.player_id'), '<', seatsMax)]),
    )
    .$narrowType<{ state: 'waiting' | 'playing' }>()
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
    const starting = { state: 'starting' as const, bots, changed_at: at }
    await tx.updateTable('rooms').set(starting).where('room_id', '=', roomId).execute()
  }
  if (plan.start.length > 0) {
    const started = plan.start.map(({ roomId }) => roomId)
    const joining = tx.updateTable('tickets').set({ state: 'joining', changed_at: at })
    await joining.where('room_id', 'in', started).where('state', '=', 'queued').execute()
  }
  if (plan.dissolve.length > 0) await tx.deleteFrom('rooms').where('room_id', 'in', plan.dissolve).execute()
}

export async function findRoom(db: Db, roomId: Id): Promise<RoomRow | undefined> {
  return db.selectFrom('rooms').selectAll().where('room_id', '=', roomId).executeTakeFirst()
}

/** The room plays, and so does everybody in it; gives their ids. Nobody when it is not starting any more. */
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
    .where('state', '=', 'joining')
    .returning('player_id')
    .execute()
  return rows.map(({ player_id }) => player_id)
}

/** A start that never reached the rooms service is undone: the room waits again, with its age and its people. */
export async function markWaiting(tx: Tx, roomId: Id, at: Date): Promise<void> {
  const room = tx.updateTable('rooms').set({ state: 'waiting', bots: 0, changed_at: at })
  const { numUpdatedRows } = await room.where('room_id', '=', roomId).where('state', '=', 'starting').executeTakeFirst()
  if (numUpdatedRows === 0n) return
  const people = tx.updateTable('tickets').set({ state: 'queued', changed_at: at })
  await people.where('room_id', '=', roomId).where('state', '=', 'joining').execute()
}

/** Starts that nobody has worked at since `before`, and whoever calls this does from now on. */
export async function takeUpStarts(tx: Tx, game: string, before: Date, at: Date): Promise<Id[]> {
  const rows = await tx
    .updateTable('rooms')
    .set({ changed_at: at })
    .where('game', '=', game)
    .where('state', '=', 'starting')
    .where('changed_at', '<', before)
    .returning('room_id')
    .execute()
  return rows.map(({ room_id }) => room_id)
}

export interface Joining {
  readonly playerId: Id
  readonly roomId: Id
}

/** The same for players on their way into running rooms. */
export async function takeUpJoins(tx: Tx, game: string, before: Date, at: Date): Promise<Joining[]> {
  const running = tx.selectFrom('rooms').select('room_id').where('game', '=', game).where('state', '=', 'playing')
  const rows = await tx
    .updateTable('tickets')
    .set({ changed_at: at })
    .where('state', '=', 'joining')
    .where('changed_at', '<', before)
    .where('room_id', 'in', running)
    .returning(['player_id', 'room_id'])
    .execute()
  return rows.flatMap(({ player_id, room_id }) => (room_id === null ? [] : [{ playerId: player_id, roomId: room_id }]))
}

/** False when the player is not on the way into that room any more. */
export async function markJoined(db: Db, { playerId, roomId }: Joining, at: Date): Promise<boolean> {
  const query = db.updateTable('tickets').set({ state: 'playing', changed_at: at })
  const { numUpdatedRows } = await query
    .where('player_id', '=', playerId)
    .where('room_id', '=', roomId)
    .where('state', '=', 'joining')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The room did not take the player: back to the queue, place kept, and not to that room again. */
export async function markRefused(db: Db, { playerId, roomId }: Joining, at: Date): Promise<void> {
  const refused_by = sql<Id[]>`array_append(refused_by, ${roomId}::bigint)`
  const query = db.updateTable('tickets').set({ state: 'queued', room_id: null, changed_at: at, refused_by })
  await query.where('player_id', '=', playerId).where('room_id', '=', roomId).where('state', '=', 'joining').execute()
}

/**
 * The room is over: whoever played is free; whoever was on the way in goes back to the queue. Takes the game's lock, so
 * that nobody is sent to the room meanwhile.
 */
export async function removeRoom(tx: Tx, game: string, roomId: Id): Promise<void> {
  await lockGame(tx, game)
  await tx.deleteFrom('tickets').where('room_id', '=', roomId).where('state', '=', 'playing').execute()
  await tx.updateTable('tickets').set({ state: 'queued', room_id: null }).where('room_id', '=', roomId).execute()
  await tx.deleteFrom('rooms').where('room_id', '=', roomId).execute()
}

export async function removePlayer(db: Db, playerId: Id, roomId: Id): Promise<void> {
  await db.deleteFrom('tickets').where('player_id', '=', playerId).where('room_id', '=', roomId).execute()
}
