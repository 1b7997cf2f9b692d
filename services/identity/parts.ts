import type { players } from '@meydan/contracts/players'
import type { Events } from '@meydan/kernel/events'
import type { NextId } from '@meydan/kernel/ids'
import type { CallContext, Caller, Clients } from '@meydan/kernel/rpc'
import type { Database, Topics } from '@meydan/kernel/storage'
import type { Log } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
import type { PublicKeys } from '@meydan/kernel/tokens'
import type { Attempts } from './attempts.ts'
import type { Hasher } from './hasher.ts'
import type { SignAccess } from './keys.ts'
import type { Db, IdentityTables, Tx } from './store.ts'

export type Called = { players: typeof players }

/** What the handlers work with. */
export interface Parts {
  readonly call: Clients<Called>
  readonly db: Db
  /** One READ COMMITTED transaction. */
  readonly transaction: <R>(work: (tx: Tx) => Promise<R>) => Promise<R>
  readonly events: Events
  readonly topics: Topics
  readonly clock: Clock
  readonly nextId: NextId
  readonly log: Log
  readonly hasher: Hasher
  readonly attempts: Attempts
  readonly sign: SignAccess
  readonly publicKeys: PublicKeys
}

export function storageOf(database: Database): Pick<Parts, 'db' | 'transaction'> {
  return {
    db: database.tables<IdentityTables>(),
    transaction: (work) => database.transaction(work),
  }
}

/** Where a call came from, as attempts are counted. */
export function addressOf(caller: Caller): string {
  return caller.kind === 'service' ? (caller.address ?? `service:${caller.service}`) : caller.address
}

export function userAgentOf(caller: Caller): string {
  return caller.kind === 'service' ? '' : (caller.userAgent ?? '')
}

export function traceOf(context: CallContext): { traceparent: string } {
  return { traceparent: context.traceparent }
}
