import type { Id, Role } from '@meydan/contracts/core'
import type { LoginType } from '@meydan/contracts/identity'
import type { Kysely, Transaction } from 'kysely'
import type { LinkKey } from './rules.ts'

export interface IdentityTables {
  accounts: {
    player_id: Id
    login_type: LoginType
    generated_username: string | null
    generated_password_hash: string | null
    roles: Role[]
    created_at: Date
    deleted_at: Date | null
  }
  links: {
    player_id: Id
    type: LinkKey['type']
    lookup: string
    label: string
    password_hash: string | null
    linked_at: Date
  }
  sessions: {
    session_id: Id
    player_id: Id
    staff_id: Id | null
    created_at: Date
    last_used_at: Date
    expires_at: Date
    expires_at_latest: Date
    ended_at: Date | null
    address: string
    user_agent: string
  }
  refresh_tokens: { token_hash: Buffer; session_id: Id; used_at: Date | null }
  support_entries: { id: Id; staff_id: Id; player_id: Id; session_id: Id; reason: string; at: Date }
}
export type Db = Kysely<IdentityTables>
export type Tx = Transaction<IdentityTables>

export interface AccountRow {
  playerId: Id
  generatedUsername: string
  loginType: LoginType
  roles: Role[]
  createdAt: Date
}

/** False when the generated username is taken. */
export async function insertAccount(tx: Tx, account: AccountRow & { generatedPasswordHash: string }): Promise<boolean> {
  const inserted = await tx
    .insertInto('accounts')
    .values({
      player_id: account.playerId,
      login_type: account.loginType,
      generated_username: account.generatedUsername,
      generated_password_hash: account.generatedPasswordHash,
      roles: account.roles,
      created_at: account.createdAt,
    })
    .onConflict((conflict) => conflict.column('generated_username').doNothing())
    .returning('player_id')
    .executeTakeFirst()
  return inserted !== undefined
}

function selectAccount(db: Db) {
  return db
    .selectFrom('accounts')
    .select((of) => [
      'player_id as playerId',
      // Not null while the account is not deleted; the table checks it.
      of.ref('generated_username').$notNull().as('generatedUsername'),
      'login_type as loginType',
      'roles',
      'created_at as createdAt',
    ])
    .where('deleted_at', 'is', null)
}

/** Undefined when there is none or it was deleted. */
export function findAccount(db: Db, playerId: Id): Promise<AccountRow | undefined> {
  return selectAccount(db).where('player_id', '=', playerId).executeTakeFirst()
}

/** Holds the account until the transaction ends: whoever changes what hangs on an account takes this first. */
export function lockAccount(tx: Tx, playerId: Id): Promise<AccountRow | undefined> {
  return selectAccount(tx).where('player_id', '=', playerId).forUpdate().executeTakeFirst()
}

export function findAccountByGeneratedUsername(db: Db, username: string): Promise<AccountRow | undefined> {
  return selectAccount(db).where('generated_username', '=', username).executeTakeFirst()
}

export interface Login {
  playerId: Id
  /** Null for a device. */
  passwordHash: string | null
}

export function findLogin(db: Db, key: Pick<LinkKey, 'type' | 'lookup'>): Promise<Login | undefined> {
  return db
    .selectFrom('links')
    .select(['player_id as playerId', 'password_hash as passwordHash'])
    .where('type', '=', key.type)
    .where('lookup', '=', key.lookup)
    .executeTakeFirst()
}

export function findGeneratedLogin(db: Db, username: string): Promise<Login | undefined> {
  return db
    .selectFrom('accounts')
    .select(['player_id as playerId', 'generated_password_hash as passwordHash'])
    .where('generated_username', '=', username)
    .executeTakeFirst()
}

/** False when somebody has that login already, or the account has one of its type. */
export async function insertLink(
  tx: Tx,
  link: LinkKey & { playerId: Id; passwordHash: string | null; linkedAt: Date },
): Promise<boolean> {
  const inserted = await tx
    .insertInto('links')
    .values({
      player_id: link.playerId,
      type: link.type,
      lookup: link.lookup,
      label: link.label,
      password_hash: link.passwordHash,
      linked_at: link.linkedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('player_id')
    .executeTakeFirst()
  return inserted !== undefined
}

export function listLinks(db: Db, playerId: Id): Promise<{ type: LinkKey['type']; label: string; lookup: string }[]> {
  return db
    .selectFrom('links')
    .select(['type', 'label', 'lookup'])
    .where('player_id', '=', playerId)
    .orderBy('linked_at')
    .orderBy('type')
    .execute()
}

export async function deleteLink(tx: Tx, playerId: Id, type: LinkKey['type']): Promise<void> {
  await tx.deleteFrom('links').where('player_id', '=', playerId).where('type', '=', type).execute()
}

export async function setPasswordHash(tx: Tx, playerId: Id, type: LinkKey['type'], hash: string): Promise<void> {
  await tx
    .updateTable('links')
    .set({ password_hash: hash })
    .where('player_id', '=', playerId)
    .where('type', '=', type)
    .execute()
}

export async function setRoles(tx: Tx, playerId: Id, roles: readonly Role[]): Promise<void> {
  await tx
    .updateTable('accounts')
    .set({ roles: [...roles] })
    .where('player_id', '=', playerId)
    .execute()
}

/** Takes everything personal away and leaves the tombstone; gives the sessions that ended with it. */
export async function buryAccount(tx: Tx, playerId: Id, at: Date): Promise<Id[]> {
  await tx.deleteFrom('links').where('player_id', '=', playerId).execute()
  const sessions = await tx.deleteFrom('sessions').where('player_id', '=', playerId).returning('session_id').execute()
  await tx
    .updateTable('accounts')
    .set({ generated_username: null, generated_password_hash: null, roles: [], deleted_at: at })
    .where('player_id', '=', playerId)
    .execute()
  return sessions.map((session) => session.session_id)
}

export interface SupportEntryRow {
  id: Id
  staffId: Id
  playerId: Id
  sessionId: Id
  reason: string
  at: Date
}

export async function insertSupportEntry(tx: Tx, entry: SupportEntryRow): Promise<void> {
  await tx
    .insertInto('support_entries')
    .values({
      id: entry.id,
      staff_id: entry.staffId,
      player_id: entry.playerId,
      session_id: entry.sessionId,
      reason: entry.reason,
      at: entry.at,
    })
    .execute()
}

/** Newest first, older than `before` when given. */
export function listSupportEntries(db: Db, before: Id | undefined, limit: number): Promise<SupportEntryRow[]> {
  return db
    .selectFrom('support_entries')
    .select(['id', 'staff_id as staffId', 'player_id as playerId', 'session_id as sessionId', 'reason', 'at'])
    .$if(before !== undefined, (entries) => entries.where('id', '<', before ?? ''))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}
