import type { Plain } from '@meydan/contracts/core'
import { memoryCache, memoryLeases, memoryTopics } from '@meydan/drivers/memory'
import { migrate } from '@meydan/drivers/postgres'
import { createOutbox } from '@meydan/kernel/events'
import { idMaker } from '@meydan/kernel/ids'
import { type Calls, type Clients, type Kit, openContext } from '@meydan/kernel/rpc'
import { type Clock, systemClock } from '@meydan/kernel/time'
import { type TestDatabase, testDatabase } from './database.ts'
import { quietLog, quietMetrics } from './quiet.ts'

/** An event as it stands in the outbox, oldest first. */
export interface PublishedEvent {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly data: Plain
}

/** Answers to some of the procedures that a service calls; calling one that is not here fails the test. */
export type FakeCalls<C extends Calls> = { readonly [K in keyof C]?: Partial<Clients<C>[K]> }

export type KitOverrides<C extends Calls> = Partial<Omit<Kit<C>, 'call' | 'db' | 'events'>> & {
  readonly call?: FakeCalls<C>
  /** A database that several kits share; without it each kit has its own. */
  readonly database?: TestDatabase
}

export interface TestKit<C extends Calls> {
  readonly kit: Kit<C>
  readonly database: TestDatabase
  /** What the service has published so far. Nothing relays it. */
  publishedEvents(): Promise<PublishedEvent[]>
  /** Drops the database, if the kit made it. */
  close(): Promise<void>
}

/**
 * Everything a service is given, over a fresh schema on a real Postgres: `contractName` names the schema, `migrations`
 * the service's own folder. Cache, leases and topics are in memory; log and metrics are silent; the clock is the
 * system's unless given. Call `close()` when done.
 */
export async function testKit<C extends Calls = Calls>(
  contractName: string,
  migrations: URL | undefined,
  overrides: KitOverrides<C> = {},
): Promise<TestKit<C>> {
  const { call, database: shared, ...parts } = overrides
  const database = shared ?? (await testDatabase(contractName))
  await migrate(database.postgres.pool, contractName, migrations, quietLog)
  const clock: Clock = parts.clock ?? systemClock
  const log = parts.log ?? quietLog
  const nextId = parts.nextId ?? idMaker(clock, 1)
  const kit: Kit<C> = {
    call: fakeClients<C>(call),
    db: database.postgres.database(contractName),
    events: createOutbox({ source: contractName, clock, nextId }),
    cache: memoryCache(clock),
    leases: memoryLeases(clock),
    topics: memoryTopics(clock, log),
    clock,
    random: Math.random,
    nextId,
    log,
    metrics: quietMetrics,
    ownContext: (timeoutMs = 5_000) =>
      openContext({ caller: { kind: 'service', service: contractName }, clock, log, timeoutMs }),
    settings: {},
    ...parts,
  }
  return {
    kit,
    database,
    async publishedEvents() {
      const { rows } = await database.postgres.pool.query<PublishedEvent>(
        `select id, name, key, data from ${contractName}.outbox order by seq`,
      )
      return rows
    },
    async close() {
      if (!shared) await database.close()
    },
  }
}

function fakeClients<C extends Calls>(call: FakeCalls<C> | undefined): Clients<C> {
  const fakes: Record<string, object | undefined> = { ...call }
  const missing = (contract: string, procedure: string) => () =>
    Promise.reject(new Error(`the test gave no answer for call.${contract}.${procedure}`))
  const clientOf = (contract: string) =>
    new Proxy(fakes[contract] ?? {}, {
      get: (client, procedure) => Reflect.get(client, procedure) ?? missing(contract, String(procedure)),
    })
  // Which contracts there are is known to the compiler alone; each is answered when it is asked for.
  return new Proxy({} as Clients<C>, { get: (_clients, contract) => clientOf(String(contract)) })
}
