import type { Id } from '@meydan/contracts/core'
import type { Kysely } from 'kysely'

export interface BotsTables {
  rooms: { room_id: Id; heard_at: Date; over: boolean }
  bots: { bot_id: Id; room_id: Id; number: number; name: string; skill: number }
}

export type Db = Kysely<BotsTables>
export type BotRow = BotsTables['bots']

/** Locks the room's row until the transaction ends, and says whether the room is over. */
export async function lockRoom(db: Db, roomId: Id, at: Date): Promise<{ over: boolean }> {
  return (
    db
      .insertInto('rooms')
      .values({ room_id: roomId, heard_at: at, over: false })
      // Also what it does not change it locks, and it waits for whoever has the lock.
      .onConflict((conflict) => conflict.column('room_id').doUpdateSet({ heard_at: at }))
      .returning('over')
      .executeTakeFirstOrThrow()
  )
}

/** The room's bots, by number. */
export async function botsOf(db: Db, roomId: Id): Promise<BotRow[]> {
  return db.selectFrom('bots').selectAll().where('room_id', '=', roomId).orderBy('number').execute()
}

export async function insertBots(db: Db, made: readonly BotRow[]): Promise<void> {
  if (made.length > 0) await db.insertInto('bots').values(made).execute()
}

/** The room is over: its bots go, and none are made for it any more. */
export async function closeRoom(db: Db, roomId: Id, at: Date): Promise<void> {
  await db
    .insertInto('rooms')
    .values({ room_id: roomId, heard_at: at, over: true })
    .onConflict((conflict) => conflict.column('room_id').doUpdateSet({ heard_at: at, over: true }))
    .execute()
  // A statement of its own: it must see what a hire that held the row until now has made.
  await db.deleteFrom('bots').where('room_id', '=', roomId).execute()
}

/** Forgets rooms that nothing was heard of since `before`, with their bots; gives how many, `limit` at most. */
export async function forgetRooms(db: Db, before: Date, limit: number): Promise<number> {
  const old = db.selectFrom('rooms').select('room_id').where('heard_at', '<', before).orderBy('heard_at').limit(limit)
  const { numDeletedRows } = await db
    .deleteFrom('rooms')
    // Skips who hires at this moment, and does not wait.
    .where('room_id', 'in', old.forUpdate().skipLocked())
    .executeTakeFirst()
  return Number(numDeletedRows)
}
