import { randomBytes } from 'node:crypto'
import { core, type Id } from '@meydan/contracts/core'
import { type identity, identityErrors, type SupportEntry, type Tokens } from '@meydan/contracts/identity'
import type { Caller, Handlers, PlayerContext } from '@meydan/kernel/rpc'
import { tellRevoked } from './events.ts'
import { addressOf, type Parts, userAgentOf } from './parts.ts'
import { ACCESS_MS, refreshExpiryMs, SESSION_MS_MAX, SESSIONS_MAX, SUPPORT_MS, sha256, storableNote } from './rules.ts'
import {
  endSessions,
  findSession,
  insertRefreshToken,
  insertSession,
  insertSessionWithToken,
  listSessions,
  lockSessionOfToken,
  ownSessionsBeyond,
  renewSession,
  useRefreshToken,
} from './sessions.store.ts'
import { type AccountRow, findAccount, type Tx } from './store.ts'

const REFRESH_TOKEN_BYTES = 32

/** A session with the one refresh token that is good for it now. */
export interface OpenSession {
  readonly account: Pick<AccountRow, 'playerId' | 'roles'>
  readonly sessionId: Id
  readonly refreshToken: string
  readonly refreshExpiresMs: number
  /** Sessions that had to end for this one. */
  readonly displaced: readonly Id[]
}

/** Begins a session for an account the transaction holds, and ends the one used longest ago when there are too many. */
export async function beginSession(
  parts: Pick<Parts, 'clock' | 'nextId'>,
  tx: Tx,
  account: OpenSession['account'],
  caller: Caller,
): Promise<OpenSession> {
  const now = new Date(parts.clock.now())
  const tooMany = await ownSessionsBeyond(tx, account.playerId, now, SESSIONS_MAX - 1)
  const displaced = await endSessions(tx, account.playerId, tooMany, now)
  return { ...(await beginFirstSession(parts, tx, account, caller)), displaced }
}

/** Begins the session of an account that has none, because the transaction has just made it. */
export async function beginFirstSession(
  { clock, nextId }: Pick<Parts, 'clock' | 'nextId'>,
  tx: Tx,
  account: OpenSession['account'],
  caller: Caller,
): Promise<OpenSession> {
  const nowMs = clock.now()
  const now = new Date(nowMs)
  const sessionId = nextId()
  const latestMs = nowMs + SESSION_MS_MAX
  const refreshExpiresMs = refreshExpiryMs(nowMs, latestMs)
  const refreshToken = newRefreshToken()
  const session = {
    sessionId,
    playerId: account.playerId,
    staffId: null,
    createdAt: now,
    lastUsedAt: now,
    expiresAt: new Date(refreshExpiresMs),
    expiresAtLatest: new Date(latestMs),
    address: storableNote(addressOf(caller)),
    userAgent: storableNote(userAgentOf(caller)),
  }
  await insertSessionWithToken(tx, session, sha256(refreshToken))
  return { account, sessionId, refreshToken, refreshExpiresMs, displaced: [] }
}

/** 256 random bits, of which only the SHA-256 is kept. */
function newRefreshToken(): string {
  return randomBytes(REFRESH_TOKEN_BYTES).toString('base64url')
}

/** The answer for a session that has been committed; tells the gateways of those it displaced. */
export async function answerTokens(parts: Parts, open: OpenSession): Promise<Tokens> {
  const { account, sessionId, refreshToken, refreshExpiresMs, displaced } = open
  await tellRevoked(parts, account.playerId, displaced, 'displaced')
  const nowMs = parts.clock.now()
  const accessExpiresMs = nowMs + ACCESS_MS
  return {
    playerId: account.playerId,
    sessionId,
    accessToken: await parts.sign({ ...account, sessionId }, nowMs, accessExpiresMs),
    accessExpiresAt: new Date(accessExpiresMs).toISOString(),
    refreshToken,
    refreshExpiresAt: new Date(refreshExpiresMs).toISOString(),
  }
}

/** A look into an account: a session without refresh tokens, and the access token that is all of it. */
export async function beginSupportSession(
  { clock, nextId }: Pick<Parts, 'clock' | 'nextId'>,
  tx: Tx,
  playerId: Id,
  staffId: Id,
): Promise<{ sessionId: Id; expiresMs: number }> {
  const nowMs = clock.now()
  const now = new Date(nowMs)
  const sessionId = nextId()
  const expiresMs = nowMs + SUPPORT_MS
  const expiresAt = new Date(expiresMs)
  await insertSession(tx, {
    sessionId,
    playerId,
    staffId,
    createdAt: now,
    lastUsedAt: now,
    expiresAt,
    expiresAtLatest: expiresAt,
    // The player sees this row; where the member of staff sits is none of the player's business.
    address: '',
    userAgent: 'support',
  })
  return { sessionId, expiresMs }
}

export async function answerSupport(
  { sign, clock }: Pick<Parts, 'sign' | 'clock'>,
  entry: { playerId: Id; sessionId: Id; staffId: Id; expiresMs: number },
): Promise<SupportEntry> {
  const { playerId, sessionId, staffId, expiresMs } = entry
  const subject = { playerId, sessionId, roles: [], actorId: staffId }
  return {
    playerId,
    sessionId,
    accessToken: await sign(subject, clock.now(), expiresMs),
    accessExpiresAt: new Date(expiresMs).toISOString(),
  }
}

type Turned =
  | { kind: 'renewed'; open: OpenSession }
  | { kind: 'invalid' }
  | { kind: 'reused'; playerId: Id; sessionId: Id }

/** Trades a refresh token for the next one, or ends the family of one that was used before. */
async function turnToken(parts: Parts, tx: Tx, tokenHash: Buffer): Promise<Turned> {
  const nowMs = parts.clock.now()
  const now = new Date(nowMs)
  const session = await lockSessionOfToken(tx, tokenHash)
  if (!session || session.endedAt !== null || session.expiresAt.getTime() <= nowMs) return { kind: 'invalid' }
  const { playerId, sessionId } = session
  if (!(await useRefreshToken(tx, tokenHash, now))) {
    await endSessions(tx, playerId, [sessionId], now)
    return { kind: 'reused', playerId, sessionId }
  }
  const account = await findAccount(tx, playerId)
  if (!account) return { kind: 'invalid' }
  const refreshExpiresMs = refreshExpiryMs(nowMs, session.expiresAtLatest.getTime())
  await renewSession(tx, sessionId, now, new Date(refreshExpiresMs))
  const refreshToken = newRefreshToken()
  await insertRefreshToken(tx, sessionId, sha256(refreshToken))
  return { kind: 'renewed', open: { account, sessionId, refreshToken, refreshExpiresMs, displaced: [] } }
}

export function sessionHandlers(
  parts: Parts,
): Pick<Handlers<typeof identity>, 'refresh' | 'keys' | 'sessions' | 'revokeSession' | 'logout'> {
  return {
    async refresh({ refreshToken }) {
      // What is to be committed is returned, and thrown only afterwards: a reuse must end the session.
      const turned = await parts.transaction((tx) => turnToken(parts, tx, sha256(refreshToken)))
      if (turned.kind === 'renewed') return answerTokens(parts, turned.open)
      if (turned.kind === 'invalid') throw identityErrors.REFRESH_INVALID()
      await tellRevoked(parts, turned.playerId, [turned.sessionId], 'reused')
      throw identityErrors.REFRESH_REUSED()
    },

    async keys() {
      return { keys: parts.publicKeys.keys.map((key) => ({ ...key })) }
    },

    async sessions(_input, { caller }) {
      const rows = await listSessions(parts.db, caller.playerId, new Date(parts.clock.now()))
      return {
        sessions: rows.map((row) => ({
          sessionId: row.sessionId,
          createdAt: row.createdAt.toISOString(),
          lastUsedAt: row.lastUsedAt.toISOString(),
          address: row.address,
          userAgent: row.userAgent,
          current: row.sessionId === caller.sessionId,
          support: row.staffId !== null,
        })),
      }
    },

    async revokeSession({ sessionId }, { caller }) {
      // Staff looking in may end their own look, and nothing else.
      if (caller.actorId !== undefined && sessionId !== caller.sessionId) throw identityErrors.SUPPORT_MAY_NOT()
      const ended = await endOwn(parts, caller.playerId, sessionId, 'revoked')
      // One that is over already was ended by an earlier try; one that never was the player's is a mistake.
      if (!ended && !(await findSession(parts.db, caller.playerId, sessionId))) throw identityErrors.UNKNOWN_SESSION()
      return {}
    },

    async logout(_input, { caller }) {
      await endOwn(parts, caller.playerId, caller.sessionId, 'logout')
      return {}
    },
  }
}

async function endOwn(parts: Parts, playerId: Id, sessionId: Id, reason: 'revoked' | 'logout'): Promise<boolean> {
  const ended = await endSessions(parts.db, playerId, [sessionId], new Date(parts.clock.now()))
  await tellRevoked(parts, playerId, ended, reason)
  return ended.length > 0
}

/**
 * The id of the caller, who may change the account: its owner, in a session that is not over. An access token outlives
 * its session by up to 15 minutes, which is good enough to play on and not to change the locks. Throws SUPPORT_MAY_NOT
 * and UNAUTHENTICATED.
 */
export async function requireOwner({ db, clock }: Pick<Parts, 'db' | 'clock'>, { caller }: PlayerContext): Promise<Id> {
  const session = await findSession(db, caller.playerId, caller.sessionId)
  if (caller.actorId !== undefined || (session && session.staffId !== null)) throw identityErrors.SUPPORT_MAY_NOT()
  if (!session || session.endedAt !== null || session.expiresAt.getTime() <= clock.now()) {
    throw core.UNAUTHENTICATED({ message: 'This session is over; sign in again.' })
  }
  return caller.playerId
}
