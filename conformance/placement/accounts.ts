import { memoryCache, memoryLeases, memoryTopics } from '@meydan/drivers/memory'
import { pgBossBus } from '@meydan/drivers/pgboss'
import { connectPostgres, migrate } from '@meydan/drivers/postgres'
import { consumer, openEvents, type Relay } from '@meydan/kernel/events'
import { idMaker } from '@meydan/kernel/ids'
import { type AnyService, type KitParts, type ServiceKeys, staticDiscovery } from '@meydan/kernel/rpc'
import type { Database } from '@meydan/kernel/storage'
import { createLog, createMetrics } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { type IdentityKeys, identityService } from '@meydan/services/identity'
import { playersService } from '@meydan/services/players'
import { type MeshProcess, meshProcess } from './process.ts'

export interface AccountsSettings {
  readonly name: string
  /** A database that may be empty. */
  readonly databaseUrl: string
  readonly serviceKeys: ServiceKeys
  readonly identityKeys: IdentityKeys
}

/** A process that answers for identity and players, on Postgres, with events between them. */
export async function accountsProcess(settings: AccountsSettings): Promise<MeshProcess> {
  const log = createLog({ level: 'fatal', pretty: false, name: settings.name })
  const postgres = await connectPostgres({ url: settings.databaseUrl, log, poolMax: 5 })
  const bus = pgBossBus({ url: settings.databaseUrl, log, poolMax: 3 })
  await bus.start()
  const clock = systemClock
  const nextId = idMaker(clock)
  const databases = new Map<string, Database>()
  const relays: Relay[] = []

  const kit = async ({ contract, migrations }: AnyService): Promise<KitParts> => {
    const source = contract.name
    await migrate(postgres.pool, source, migrations, log)
    const open = (hooks: { afterCommit: (tx: object) => void }) => postgres.database(source, hooks)
    const { db, events, relay } = openEvents({ source, bus, clock, nextId, log, open })
    databases.set(source, db)
    relays.push(relay)
    return {
      db,
      events,
      cache: memoryCache(clock),
      leases: memoryLeases(clock),
      topics: memoryTopics(clock, log),
      clock,
      random: Math.random,
      nextId,
      log,
      metrics: createMetrics(),
      settings: {},
    }
  }
  const running = await meshProcess({
    name: settings.name,
    services: [identityService({ keys: settings.identityKeys }), playersService()],
    elsewhere: [],
    discovery: staticDiscovery({}),
    keys: settings.serviceKeys,
    kit,
  })
  for (const { service, listener } of running.host.listeners) {
    const db = databases.get(service)
    if (db) await bus.subscribe(consumer(service, listener, db))
  }
  for (const relay of relays) relay.start()
  return {
    ...running,
    async stop() {
      await running.stop()
      await Promise.all(relays.map((relay) => relay.stop()))
      await bus.stop(1_000)
      await postgres.close()
    },
  }
}
