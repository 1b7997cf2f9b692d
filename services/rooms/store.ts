import type { Id } from '@meydan/contracts/core'
import type { Kysely } from 'kysely'

export interface RoomsTables {
  rooms: {
    room_id: Id
    game: string
    game_version: number
    seed: string
    process: string
    state: 'running' | 'over'
    started_at: Date
    ended_at: Date | null
    reason: string | null
  }
  seats: { room_id: Id; player_id: Id; name: string; bot: boolean; left_at: Date | null; held: boolean }
}

export type Db = Kysely<RoomsTables>
export type RoomRow = RoomsTables['rooms']
export type SeatRow = RoomsTables['seats']

export interface NewRoom {
  readonly roomId: Id
  readonly game: string
  readonly gameVersion: number
  readonly seed: number
  readonly process: string
  readonly at: Date
}

/** False when the room is there already. */
export async function insertRoom(db: Db, room: NewRoom): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('rooms')
    .values({
      room_id: room.roomId,
      game: room.game,
      game_version: room.gameVersion,
      seed: String(room.seed),
      process: room.process,
      state: 'running',
      started_at: room.at,
      ended_at: null,
      reason: null,
    })
    .onConflict((conflict) => conflict.column('room_id').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** A person's seat is held from now on; seats held elsewhere have to be given up before (`giveUpElsewhere`). */
export async function insertSeats(
  db: Db,
  roomId: Id,
  seats: readonly { playerId: Id; name: string; bot: boolean }[],
): Promise<void> {
  const rows = seats.map(({ playerId, name, bot }) => ({
    room_id: roomId,
    player_id: playerId,
    name,
    bot,
    left_at: null,
    held: !bot,
  }))
  await db
    .insertInto('seats')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['room_id', 'player_id']).doNothing())
    .execute()
}

export async function findSeat(db: Db, roomId: Id, playerId: Id): Promise<SeatRow | undefined> {
  const query = db.selectFrom('seats').selectAll().where('room_id', '=', roomId)
  return query.where('player_id', '=', playerId).executeTakeFirst()
}

/** False when the player had no seat, or had left it before. */
export async function markLeft(db: Db, roomId: Id, playerId: Id, at: Date): Promise<boolean> {
  const query = db.updateTable('seats').set({ left_at: at, held: false })
  const { numUpdatedRows } = await query
    .where('room_id', '=', roomId)
    .where('player_id', '=', playerId)
    .where('left_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export interface Given {
  readonly roomId: Id
  readonly playerId: Id
}

/** Gives up the seats that these people still hold in other rooms (in any room when none is named), and gives which. */
export async function giveUpElsewhere(
  db: Db,
  roomId: Id | undefined,
  playerIds: readonly Id[],
  at: Date,
): Promise<Given[]> {
  if (playerIds.length === 0) return []
  let query = db.updateTable('seats').set({ left_at: at, held: false }).where('held', '=', true)
  query = query.where('player_id', 'in', playerIds)
  if (roomId !== undefined) query = query.where('room_id', '!=', roomId)
  const rows = await query.returning(['room_id', 'player_id']).execute()
  return rows.map(({ room_id, player_id }) => ({ roomId: room_id, playerId: player_id }))
}

export async function findRoom(db: Db, roomId: Id): Promise<RoomRow | undefined> {
  return db.selectFrom('rooms').selectAll().where('room_id', '=', roomId).executeTakeFirst()
}

export async function runningRooms(db: Db): Promise<RoomRow[]> {
  return db.selectFrom('rooms').selectAll().where('state', '=', 'running').execute()
}

/** The room is another process's now. */
export async function setProcess(db: Db, roomId: Id, process: string): Promise<void> {
  await db.updateTable('rooms').set({ process }).where('room_id', '=', roomId).execute()
}

/** Of these rooms those that run, each with the people who hold a seat in it. */
export async function heldSeats(db: Db, roomIds: readonly Id[]): Promise<Map<Id, Id[]>> {
  const found = new Map<Id, Id[]>()
  if (roomIds.length === 0) return found
  const rows = await db
    .selectFrom('rooms')
    .leftJoin('seats', (join) => join.onRef('seats.room_id', '=', 'rooms.room_id').on('seats.held', '=', true))
    .select(['rooms.room_id', 'seats.player_id'])
    .where('rooms.room_id', 'in', roomIds)
    .where('rooms.state', '=', 'running')
    .execute()
  for (const { room_id, player_id } of rows) {
    const people = found.get(room_id) ?? []
    if (player_id !== null) people.push(player_id)
    found.set(room_id, people)
  }
  return found
}

/** False when it was over already: whoever gets true announces the end, once. Its seats are held no more. */
export async function markOver(db: Db, roomId: Id, reason: string, at: Date): Promise<boolean> {
  const query = db.updateTable('rooms').set({ state: 'over', ended_at: at, reason })
  const { numUpdatedRows } = await query.where('room_id', '=', roomId).where('state', '=', 'running').executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await db.updateTable('seats').set({ held: false }).where('room_id', '=', roomId).where('held', '=', true).execute()
  return true
}

/** What people of a room are called, by id. */
export async function namesIn(db: Db, roomId: Id): Promise<Map<Id, string>> {
  const rows = await db
    .selectFrom('seats')
    .select(['player_id', 'name'])
    .where('room_id', '=', roomId)
    .where('bot', '=', false)
    .execute()
  return new Map(rows.map(({ player_id, name }) => [player_id, name]))
}

export async function renameSeats(db: Db, playerId: Id, name: string): Promise<void> {
  await db.updateTable('seats').set({ name }).where('player_id', '=', playerId).execute()
}
