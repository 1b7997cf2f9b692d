import type { Id } from '@meydan/contracts/core'
import { DELETED_PLAYER_NAME } from '@meydan/contracts/players'
import type { Kysely, Transaction } from 'kysely'

export interface PlayersTables {
  profiles: {
    player_id: Id
    display_name: string
    name_chosen: boolean
    avatar: string
    locale: string
    created_at: Date
    deleted_at: Date | null
  }
}
export type Db = Kysely<PlayersTables>
export type Tx = Transaction<PlayersTables>

export interface ProfileRow {
  playerId: Id
  displayName: string
  avatar: string
  locale: string
  createdAt: Date
  deletedAt: Date | null
}

const columns = [
  'player_id as playerId',
  'display_name as displayName',
  'avatar',
  'locale',
  'created_at as createdAt',
  'deleted_at as deletedAt',
] as const

export function findProfile(db: Db, playerId: Id): Promise<ProfileRow | undefined> {
  return db.selectFrom('profiles').select(columns).where('player_id', '=', playerId).executeTakeFirst()
}

/** Makes the profile unless there is one, a deleted one included. Any number of times is once. */
export async function insertProfile(
  db: Db,
  profile: Omit<ProfileRow, 'deletedAt'>,
  nameChosen: boolean,
): Promise<void> {
  await db
    .insertInto('profiles')
    .values({
      player_id: profile.playerId,
      display_name: profile.displayName,
      name_chosen: nameChosen,
      avatar: profile.avatar,
      locale: profile.locale,
      created_at: profile.createdAt,
    })
    .onConflict((conflict) => conflict.column('player_id').doNothing())
    .execute()
}

/** Puts the name the account was made with in the place of a made-up one. */
export async function nameIfUnnamed(db: Db, playerId: Id, displayName: string): Promise<void> {
  await db
    .updateTable('profiles')
    .set({ display_name: displayName, name_chosen: true })
    .where('player_id', '=', playerId)
    .where('name_chosen', '=', false)
    .where('deleted_at', 'is', null)
    .execute()
}

export interface ProfileChange {
  displayName?: string | undefined
  avatar?: string | undefined
  locale?: string | undefined
}

/** Undefined when there is no such profile or it was deleted. At least one field must change. */
export function updateProfile(tx: Tx, playerId: Id, change: ProfileChange): Promise<ProfileRow | undefined> {
  return tx
    .updateTable('profiles')
    .set({
      ...(change.displayName !== undefined && { display_name: change.displayName, name_chosen: true }),
      ...(change.avatar !== undefined && { avatar: change.avatar }),
      ...(change.locale !== undefined && { locale: change.locale }),
    })
    .where('player_id', '=', playerId)
    .where('deleted_at', 'is', null)
    .returning(columns)
    .executeTakeFirst()
}

/** Takes what is personal out of the profile, or notes that there will never be one. */
export async function buryProfile(
  db: Db,
  playerId: Id,
  at: Date,
  plain: { avatar: string; locale: string },
): Promise<void> {
  const buried = { display_name: DELETED_PLAYER_NAME, name_chosen: true, ...plain, deleted_at: at }
  await db
    .insertInto('profiles')
    .values({ player_id: playerId, created_at: at, ...buried })
    .onConflict((conflict) => conflict.column('player_id').doUpdateSet(buried))
    .execute()
}

export function findProfiles(db: Db, playerIds: readonly Id[]): Promise<ProfileRow[]> {
  if (playerIds.length === 0) return Promise.resolve([])
  return db.selectFrom('profiles').select(columns).where('player_id', 'in', playerIds).execute()
}

export function findNames(db: Db, playerIds: readonly Id[]): Promise<{ playerId: Id; displayName: string }[]> {
  if (playerIds.length === 0) return Promise.resolve([])
  return db
    .selectFrom('profiles')
    .select(['player_id as playerId', 'display_name as displayName'])
    .where('player_id', 'in', playerIds)
    .execute()
}

/** Of these players those whose account was not deleted. */
export async function knownAmong(db: Db, playerIds: readonly Id[]): Promise<Id[]> {
  if (playerIds.length === 0) return []
  const query = db.selectFrom('profiles').select('player_id').where('player_id', 'in', playerIds)
  const rows = await query.where('deleted_at', 'is', null).execute()
  return rows.map(({ player_id }) => player_id)
}

/** Players whose account was not deleted, by their ids, after one (keyset pagination). */
export async function pageOfIds(db: Db, after: Id | undefined, limit: number): Promise<Id[]> {
  let query = db.selectFrom('profiles').select('player_id').where('deleted_at', 'is', null)
  if (after !== undefined) query = query.where('player_id', '>', after)
  const rows = await query.orderBy('player_id').limit(limit).execute()
  return rows.map(({ player_id }) => player_id)
}
