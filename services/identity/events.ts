import type { Id } from '@meydan/contracts/core'
import {
  SESSION_REVOKED,
  type SessionRevoked,
  USER_CREATED,
  USER_DELETED,
  USER_UPDATED,
} from '@meydan/contracts/identity'
import type { Parts } from './parts.ts'
import type { Tx } from './store.ts'

/** What identity publishes. It hears nothing. */

type Trace = { traceparent: string } | undefined

export async function publishCreated(
  { events }: Pick<Parts, 'events'>,
  tx: Tx,
  account: {
    playerId: Id
    loginType: 'guest' | 'device' | 'password' | 'email'
    displayName?: string | undefined
    at: Date
  },
  trace: Trace,
): Promise<void> {
  const { playerId, loginType, displayName, at } = account
  await events.publish(
    tx,
    USER_CREATED,
    { userId: playerId, loginType, ...(displayName !== undefined && { displayName }), at: at.toISOString() },
    trace,
  )
}

export async function publishUpdated(
  { events, clock }: Pick<Parts, 'events' | 'clock'>,
  tx: Tx,
  playerId: Id,
  changed: 'links' | 'roles' | 'password',
  trace?: Trace,
): Promise<void> {
  const at = new Date(clock.now()).toISOString()
  await events.publish(tx, USER_UPDATED, { userId: playerId, changed: [changed], at }, trace)
}

export async function publishDeleted({ events }: Pick<Parts, 'events'>, tx: Tx, playerId: Id, at: Date, trace: Trace) {
  await events.publish(tx, USER_DELETED, { userId: playerId, at: at.toISOString() }, trace)
}

/**
 * Tells the gateways, after the commit, whose sockets to close. The sessions are over already: when this cannot be told,
 * their sockets last until the access token expires, and the caller still has an answer.
 */
export async function tellRevoked(
  { topics, log }: Pick<Parts, 'topics' | 'log'>,
  playerId: Id,
  sessionIds: readonly Id[],
  reason: SessionRevoked['reason'],
): Promise<void> {
  try {
    await Promise.all(
      sessionIds.map((sessionId) => topics.publish(`user:${playerId}`, SESSION_REVOKED, { sessionId, reason })),
    )
  } catch (error) {
    log.warn({ err: error, playerId, reason }, 'ended sessions could not be told to the gateways')
  }
}
