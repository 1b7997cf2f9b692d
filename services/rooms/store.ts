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
  seats: { room_id: Id; player_id: Id; name: string; bot: boolean; left_at: Date | null }
}

export type Db = Kysely<RoomsTables>
export type RoomRow = RoomsTables['rooms']

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
  }))
  await db
    .insertInto('seats')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['room_id', 'player_id']).doNothing())
    .execute()
}

/** False when the player had no seat, or had left it before. */
export async function markLeft(db: Db, roomId: Id, playerId: Id, at: Date): Promise<boolean> {
  const query = db.updateTable('seats').set({ left_at: at })
  const { numUpdatedRows } = await query
    .where('room_id', '=', roomId)
    .where('player_id', '=', playerId)
    .where('left_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function findRoom(db: Db, roomId: Id): Promise<RoomRow | undefined> {
  return db.selectFrom('rooms').selectAll().where('room_id', '=', roomId).executeTakeFirst()
}

export async function runningRooms(db: Db, process: string): Promise<RoomRow[]> {
  return db.selectFrom('rooms').selectAll().where('process', '=', process).where('state', '=', 'running').execute()
}

/** False when it was over already: whoever gets true announces the end, once. */
export async function markOver(db: Db, roomId: Id, reason: string, at: Date): Promise<boolean> {
  const query = db.updateTable('rooms').set({ state: 'over', ended_at: at, reason })
  const { numUpdatedRows } = await query.where('room_id', '=', roomId).where('state', '=', 'running').executeTakeFirst()
  return numUpdatedRows > 0n
}
