import type { AnswerOf, Client, Contract, ParsedInputOf, Procedure } from '@meydan/contracts/core'
import type { Events, Listener } from '../events/index.ts'
import type { NextId } from '../ids/index.ts'
import type { Cache, Database, Leases, Topics } from '../storage/index.ts'
import type { Log, Metrics } from '../telemetry/index.ts'
import type { Clock } from '../time/index.ts'
import type { CallContext, PlayerContext } from './call.ts'

export type Handlers<C extends Contract> = {
  /** Procedures for players and staff get a context whose caller is a player; the pipeline has seen to it. */
  readonly [K in keyof C['procedures']]: (
    input: ParsedInputOf<C['procedures'][K]>,
    context: ContextOf<C['procedures'][K]>,
  ) => Promise<AnswerOf<C['procedures'][K]>>
}
type ContextOf<P extends Procedure> = [P['auth']] extends ['public' | 'service'] ? CallContext : PlayerContext

/** The contracts a service calls, by the name it calls them. */
export type Calls = Readonly<Record<string, Contract>>
export type Clients<C extends Calls> = { readonly [K in keyof C]: Client<C[K], [context: CallContext]> }

/** Everything a service is given. There is nothing else: no globals, no imports of drivers. */
export interface Kit<C extends Calls = Calls> {
  readonly call: Clients<C>
  readonly db: Database
  readonly events: Events
  readonly cache: Cache
  readonly leases: Leases
  readonly topics: Topics
  readonly clock: Clock
  /** Cryptographically strong, uniform in [0, 1). Seeds and secrets come from node:crypto in the service itself. */
  readonly random: () => number
  readonly nextId: NextId
  readonly log: Log
  readonly metrics: Metrics
  /**
   * A context for calls that no request led to (a job, a listener). `timeoutMs` is 5,000 unless given; with the
   * `traceparent` of an event that was heard, its calls belong to that trace.
   */
  readonly ownContext: (timeoutMs?: number, traceparent?: string) => CallContext
  /** The validated platform settings a service may read. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** Something done again and again, at most once at a time in this process. */
export interface Job {
  readonly name: string
  readonly everyMs: number
  readonly run: (signal: AbortSignal) => Promise<void>
}

/** What a built service has besides its handlers. */
export interface BuiltParts {
  readonly listeners?: readonly Listener[]
  readonly jobs?: readonly Job[]
  start?(): Promise<void>
  /** No new work, finish what runs. */
  drain?(deadlineMs: number): Promise<void>
  stop?(): Promise<void>
}

export interface Built<C extends Contract> extends BuiltParts {
  readonly handlers: Handlers<C>
}

export interface Service<C extends Contract = Contract, K extends Calls = Calls> {
  readonly contract: C
  readonly calls: K
  /** Folder of `0001_name.sql` files, forward only; absent when the service has no tables. */
  readonly migrations?: URL
  build(kit: Kit<K>): Built<C>
}

export interface AnyBuilt extends BuiltParts {
  readonly handlers: object
}

/** A service with its types worn off, as a list of services holds it. `service()` has checked them. */
export interface AnyService {
  readonly contract: Contract
  readonly calls: Calls
  readonly migrations?: URL
  /** Takes a kit with clients for just its `calls`, which is what the host makes. */
  build(kit: never): AnyBuilt
}

/** One service: a contract it implements, what it needs, and how it is put together. Name and schema are the contract's. */
export function service<C extends Contract, K extends Calls>(definition: Service<C, K>): Service<C, K> {
  return definition
}
