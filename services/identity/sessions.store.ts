import type { Id } from '@meydan/contracts/core'
import type { Db, Tx } from './store.ts'

export interface SessionRow {
  sessionId: Id
  playerId: Id
  staffId: Id | null
  createdAt: Date
  lastUsedAt: Date
  expiresAt: Date
  expiresAtLatest: Date
  endedAt: Date | null
  address: string
  userAgent: string
}

const columns = [
  'session_id as sessionId',
  'player_id as playerId',
  'staff_id as staffId',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
  'expires_at as expiresAt',
  'expires_at_latest as expiresAtLatest',
  'ended_at as endedAt',
  'address',
  'user_agent as userAgent',
] as const

type NewSession = Omit<SessionRow, 'endedAt'>

function rowOf(session: NewSession) {
  return {
    session_id: session.sessionId,
    player_id: session.playerId,
    staff_id: session.staffId,
    created_at: session.createdAt,
    last_used_at: session.lastUsedAt,
    expires_at: session.expiresAt,
    expires_at_latest: session.expiresAtLatest,
    address: session.address,
    user_agent: session.userAgent,
  }
}

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx.insertInto('sessions').values(rowOf(session)).execute()
}

/** A session with its first refresh token, in one statement: whoever enters waits for each. */
export async function insertSessionWithToken(tx: Tx, session: NewSession, tokenHash: Buffer): Promise<void> {
  await tx
    .with('session', (db) => db.insertInto('sessions').values(rowOf(session)))
    .insertInto('refresh_tokens')
    .values({ session_id: session.sessionId, token_hash: tokenHash })
    .execute()
}

export async function insertRefreshToken(tx: Tx, sessionId: Id, tokenHash: Buffer): Promise<void> {
  await tx.insertInto('refresh_tokens').values({ session_id: sessionId, token_hash: tokenHash }).execute()
}

/** Also when it is over. */
export function findSession(db: Db, playerId: Id, sessionId: Id): Promise<SessionRow | undefined> {
  return db
    .selectFrom('sessions')
    .select(columns)
    .where('session_id', '=', sessionId)
    .where('player_id', '=', playerId)
    .executeTakeFirst()
}

/** Live ones, the most recently used first. */
export function listSessions(db: Db, playerId: Id, now: Date): Promise<SessionRow[]> {
  return db
    .selectFrom('sessions')
    .select(columns)
    .where('player_id', '=', playerId)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .orderBy('session_id', 'desc')
    .execute()
}

/** A player's own live sessions beyond the `kept` most recently used; staff who look in do not count. */
export async function ownSessionsBeyond(tx: Tx, playerId: Id, now: Date, kept: number): Promise<Id[]> {
  const rows = await tx
    .selectFrom('sessions')
    .select('session_id as sessionId')
    .where('player_id', '=', playerId)
    .where('staff_id', 'is', null)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .orderBy('session_id', 'desc')
    .offset(kept)
    .execute()
  return rows.map((row) => row.sessionId)
}

/**
 * The session a refresh token belongs to, held until the transaction ends. Two uses of one token meet here: the second
 * waits, and reads the token only after the first has committed.
 */
export function lockSessionOfToken(tx: Tx, tokenHash: Buffer): Promise<SessionRow | undefined> {
  return tx
    .selectFrom('sessions')
    .select(columns)
    .where('session_id', '=', (of) =>
      of.selectFrom('refresh_tokens').select('session_id').where('token_hash', '=', tokenHash),
    )
    .forUpdate()
    .executeTakeFirst()
}

/** True for the one who used the token up. Call it while holding the session. */
export async function useRefreshToken(tx: Tx, tokenHash: Buffer, at: Date): Promise<boolean> {
  const used = await tx
    .updateTable('refresh_tokens')
    .set({ used_at: at })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .returning('session_id')
    .executeTakeFirst()
  return used !== undefined
}

export async function renewSession(tx: Tx, sessionId: Id, at: Date, expiresAt: Date): Promise<void> {
  await tx
    .updateTable('sessions')
    .set({ last_used_at: at, expires_at: expiresAt })
    .where('session_id', '=', sessionId)
    .execute()
}

/** Ends live sessions of a player; gives those that it ended. */
export async function endSessions(db: Db, playerId: Id, sessionIds: readonly Id[], at: Date): Promise<Id[]> {
  if (sessionIds.length === 0) return []
  const ended = await db
    .updateTable('sessions')
    .set({ ended_at: at, expires_at: at })
    .where('player_id', '=', playerId)
    .where('session_id', 'in', sessionIds)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', at)
    .returning('session_id')
    .execute()
  return ended.map((session) => session.session_id)
}

/** Removes at most `limit` sessions that were over before a moment, and as many refresh tokens used before another; gives how many rows. */
export async function sweep(db: Db, overBefore: Date, usedBefore: Date, limit: number): Promise<number> {
  const tokens = await db
    .deleteFrom('refresh_tokens')
    .where('token_hash', 'in', (of) =>
      of.selectFrom('refresh_tokens').select('token_hash').where('used_at', '<', usedBefore).limit(limit),
    )
    .executeTakeFirst()
  const sessions = await db
    .deleteFrom('sessions')
    .where('session_id', 'in', (of) =>
      of.selectFrom('sessions').select('session_id').where('expires_at', '<', overBefore).limit(limit),
    )
    .executeTakeFirst()
  return Number(tokens.numDeletedRows + sessions.numDeletedRows)
}
