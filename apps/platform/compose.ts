import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryCache, memoryLeases, memoryTopics } from '@meydan/drivers/memory'
import { pgBossBus } from '@meydan/drivers/pgboss'
import { connectPostgres, migrate, type Postgres } from '@meydan/drivers/postgres'
import { createGateway, type GatewayOptions } from '@meydan/gateway'
import { type Bus, consumer, openEvents, type Relay } from '@meydan/kernel/events'
import { idMaker } from '@meydan/kernel/ids'
import { createLifecycle, type Lifecycle } from '@meydan/kernel/lifecycle'
import {
  type AnyService,
  createHost,
  type Host,
  type KitParts,
  meshLink,
  meshServer,
  type ServiceTokens,
  serviceTokens,
  staticDiscovery,
} from '@meydan/kernel/rpc'
import { createMetrics, type Log } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { tokenVerifier } from '@meydan/kernel/tokens'
import { createRoomEngine } from '@meydan/realtime/rooms'
import { publicKeys } from '@meydan/services/identity'
import { limiterOf } from './limits.ts'
import { parseMesh, parseRoles, type Roles } from './roles.ts'
import { markRunning } from './running.ts'
import { loadSecrets, type Secrets } from './secrets.ts'
import { allGames, catalogue, contractsOf, SERVICE_NAMES } from './services.ts'
import type { PlatformSettings } from './settings.ts'
import { openPostgresServer } from './stores.ts'
import { startTracing } from './tracing.ts'

export const VERSION = '0.1.0'
const PAGES = fileURLToPath(new URL('../web/dist', import.meta.url))

/** Where an open platform is. */
export interface Where {
  readonly url: string | undefined
  readonly meshUrl: string | undefined
  readonly data: string
}

/** A platform that is opening or open. */
export interface Platform {
  /** Resolves once everything runs. */
  readonly opened: Promise<Where>
  /** Drains for at most `withinMs`, then stops everything that was opened. */
  stop(withinMs: number): Promise<void>
}

/** The composition root: what the settings say, joined. Nothing else in the code base knows which driver serves which port. */
export function openPlatform(settings: PlatformSettings, log: Log, say: (what: string) => void): Platform {
  const lifecycle = createLifecycle(log)
  return {
    opened: open({ settings, log, say, lifecycle }),
    stop: (withinMs) => lifecycle.stop(withinMs),
  }
}

interface Opening {
  readonly settings: PlatformSettings
  readonly log: Log
  readonly say: (what: string) => void
  readonly lifecycle: Lifecycle
}

async function open(opening: Opening): Promise<Where> {
  const { settings, lifecycle, log } = opening
  const roles = parseRoles(settings.roles, SERVICE_NAMES)
  const secrets = await loadSecrets({
    given: settings.secrets,
    dataFolder: settings.data,
    production: settings.env === 'production',
  })
  const { otlpUrl } = settings
  if (otlpUrl !== undefined) {
    await lifecycle.open('tracing', () => startTracing(otlpUrl, settings.region), { stop: (tracing) => tracing.stop() })
  }
  const base = basics(opening)
  const stores = roles.services.size > 0 ? await openStores(opening) : undefined
  const tokens = serviceTokens(secrets.mesh, systemClock)
  const { host, relays } = await openHost(opening, base, { roles, secrets, tokens, stores })
  await lifecycle.open('services', () => host.start(), { drain: (_, ms) => host.drain(ms), stop: () => host.stop() })
  if (stores) await openBus(opening, stores, host, relays, roles)
  const meshUrl = await openMesh(opening, base, host, tokens)
  const url = roles.gateway ? await openGateway(opening, base, host, secrets, stores) : undefined
  lifecycle.ready()
  log.debug({ roles: settings.roles }, 'everything is open')
  return { url, meshUrl, data: resolve(settings.data) }
}

/** What every process has, whatever its roles. */
function basics({ settings, log }: Opening) {
  const metrics = createMetrics({ process: true })
  const cache = memoryCache(systemClock)
  metrics.observe('meydan_cache_keys', 'Keys in the cache of this process', () => cache.keys())
  const leases = memoryLeases(systemClock)
  const topics = memoryTopics(log)
  const nextId = idMaker(systemClock, settings.node)
  const processId = `node-${settings.node}`
  const engine = createRoomEngine({
    games: allGames,
    clock: systemClock,
    cache,
    leases,
    log,
    metrics,
    processId,
    roomsMax: settings.roomsMax,
  })
  return { metrics, cache, leases, topics, nextId, processId, engine }
}
type Basics = ReturnType<typeof basics>

interface StoreParts {
  readonly postgres: Postgres
  readonly bus: Bus
}

async function openStores({ settings, log, say, lifecycle }: Opening): Promise<StoreParts> {
  const server = await lifecycle.open('postgres', () => openPostgresServer(settings, log, say), {
    stop: (it) => it.stop(),
  })
  const postgres = await lifecycle.open(
    'postgres connections',
    () => connectPostgres({ url: server.url, poolMax: settings.postgresPool, log }),
    { stop: (it) => it.close() },
  )
  await lifecycle.open('mark', () => markRunning(settings.data, server.url), { stop: (mark) => mark.remove() })
  return { postgres, bus: pgBossBus({ url: server.url, log }) }
}

interface HostParts {
  readonly roles: Roles
  readonly secrets: Secrets
  readonly tokens: ServiceTokens
  readonly stores: StoreParts | undefined
}

async function openHost(opening: Opening, base: Basics, parts: HostParts): Promise<{ host: Host; relays: Relay[] }> {
  const { settings, log, lifecycle } = opening
  const { roles, stores } = parts
  const { metrics, cache, leases, topics, nextId } = base
  const clock = systemClock
  const engine = roles.rooms ? base.engine : undefined
  if (engine) {
    await lifecycle.open('rooms', () => engine.start(), {
      drain: (_, ms) => engine.drain(ms),
      stop: () => engine.stop(),
    })
  }
  const serviceParts = {
    keys: parts.secrets.identity,
    engine,
    processId: base.processId,
    matchMs: settings.matchMs,
    botWaitMs: settings.botWaitMs,
  }
  const services = SERVICE_NAMES.filter((name) => roles.services.has(name)).map((name) =>
    catalogue[name]?.(serviceParts),
  )
  const relays: Relay[] = []
  const kit = async (service: AnyService): Promise<KitParts> => {
    if (!stores) throw new Error('services need stores')
    const source = service.contract.name
    await migrate(stores.postgres.pool, source, service.migrations, log)
    const open = (hooks: { afterCommit: (tx: object) => void }) => stores.postgres.database(source, hooks)
    const { db, events, relay } = openEvents({ source, bus: stores.bus, clock, nextId, log, open })
    relays.push(relay)
    const serviceLog = log.child({ service: source })
    return { db, events, cache, leases, topics, clock, nextId, log: serviceLog, metrics, random: Math.random, settings }
  }
  const mesh = parseMesh(settings.mesh)
  const discovery = staticDiscovery(Object.fromEntries(mesh))
  const link = await lifecycle.open(
    'mesh link',
    () => meshLink({ discovery, tokens: parts.tokens, log, metrics, clock }),
    {
      stop: (it) => it.close(),
    },
  )
  const contracts = contractsOf([...mesh.keys()])
  const host = await createHost({
    services: services.filter((service) => service !== undefined),
    kit,
    remote: { contracts, link },
    limiter: limiterOf(clock, settings.limitScale),
    log,
    metrics,
    clock,
    freeze: settings.env !== 'production',
  })
  return { host, relays }
}

/** The bus starts after the services have subscribed, so that nothing published is unheard. */
async function openBus(
  { lifecycle }: Opening,
  stores: StoreParts,
  host: Host,
  relays: Relay[],
  roles: Roles,
): Promise<void> {
  const { bus, postgres } = stores
  await lifecycle.open('bus', () => bus.start(), { drain: (_, ms) => bus.stop(ms), stop: () => bus.stop(0) })
  for (const { service, listener } of host.listeners) {
    if (roles.jobs) await bus.subscribe(consumer(service, listener, postgres.database(service)))
  }
  await lifecycle.open('relays', () => relays.map((relay) => relay.start()), {
    stop: async () => void (await Promise.all(relays.map((relay) => relay.stop()))),
  })
}

async function openMesh({ settings, lifecycle, log }: Opening, { metrics }: Basics, host: Host, tokens: ServiceTokens) {
  const { meshPort, host: address } = settings
  if (meshPort === undefined) return undefined
  const server = meshServer({ host, tokens, listen: { address, port: meshPort }, log, metrics, clock: systemClock })
  await lifecycle.open('mesh', () => server.start(), { drain: (_, ms) => server.drain(ms), stop: () => server.stop() })
  return server.url
}

async function openGateway(
  { settings, lifecycle, log }: Opening,
  { metrics, topics, engine }: Basics,
  host: Host,
  secrets: Secrets,
  stores: StoreParts | undefined,
): Promise<string> {
  const options: GatewayOptions = {
    contracts: host.contracts,
    dispatch: (call, input, context) => host.call(call, input, context),
    verify: tokenVerifier(publicKeys(secrets.identity), systemClock),
    rooms: engine,
    topics,
    clock: systemClock,
    log,
    metrics,
    trustProxy: settings.trustProxy,
    version: VERSION,
    corsOrigins: settings.corsOrigins,
    requestsPerWindow: settings.addressLimit,
    checks: stores ? { postgres: () => stores.postgres.ping() } : {},
    pages: PAGES,
  }
  // Open before it listens: when the port is taken there is something to close already.
  const gateway = await lifecycle.open('gateway', () => createGateway(options), {
    drain: (it, ms) => it.drain(ms),
    stop: (it) => it.close(),
  })
  return gateway.listen(settings.host, settings.port)
}
