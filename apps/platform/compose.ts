import { fileURLToPath } from 'node:url'
import { core } from '@meydan/contracts/core'
import { connectPostgres, migrate, type Postgres } from '@meydan/drivers/postgres'
import { type Checks, createGateway, createWatchDoor, type Gateway, type GatewayOptions } from '@meydan/gateway'
import { OperatorError } from '@meydan/kernel/config'
import { type Bus, consumer, openEvents, type ServiceEvents } from '@meydan/kernel/events'
import { idMaker } from '@meydan/kernel/ids'
import { createLifecycle, type Lifecycle } from '@meydan/kernel/lifecycle'
import {
  type AnyService,
  createHost,
  type Host,
  jobRunner,
  type KitParts,
  type MeshLink,
  meshLink,
  meshServer,
  type ServiceTokens,
  serviceTokens,
} from '@meydan/kernel/rpc'
import { createMetrics, type Log } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { tokenVerifier } from '@meydan/kernel/tokens'
import { localRooms, type RoomHost, type RoomsAnywhere, roomHost } from '@meydan/realtime/line'
import { createRoomEngine, type RoomDoor } from '@meydan/realtime/rooms'
import { publicKeys } from '@meydan/services/identity'
import { backlogJobs } from './backlog.ts'
import { announce, crashElsewhere, discoveryOf, joinInstallation, roomsEverywhere } from './cluster.ts'
import { scaled } from './limits.ts'
import { makePlan, type Plan } from './plan.ts'
import { type Listening, withPort } from './ports.ts'
import { markRunning } from './running.ts'
import type { Secrets } from './secrets.ts'
import { allGames, callsNowhere, catalogue, otherContracts } from './services.ts'
import type { PlatformSettings } from './settings.ts'
import { openShared } from './shared.ts'
import { makeBus, openPostgresServer } from './stores.ts'
import { startTracing } from './tracing.ts'

export const VERSION = '0.1.0'
const PAGES = fileURLToPath(new URL('../web/dist', import.meta.url))

/** Where an open platform is. */
export interface Where {
  /** Of the players' doors; absent in a process without the role gateway. */
  readonly url: string | undefined
  readonly metricsUrl: string
  readonly meshUrl: string | undefined
  readonly data: string
}

/** A platform that is opening or open. */
export interface Platform {
  /** Resolves once everything runs. */
  readonly opened: Promise<Where>
  /** Resolves when this process may not go on; why is in the log. */
  readonly failed: Promise<void>
  /** Drains for at most `withinMs`, then stops everything that was opened. */
  stop(withinMs: number): Promise<void>
}

/** The composition root: what the settings say, joined. Nothing else in the code base knows which driver serves which port. */
export function openPlatform(settings: PlatformSettings, log: Log, say: (what: string) => void): Platform {
  const lifecycle = createLifecycle(log)
  const { promise: failed, resolve: fail } = Promise.withResolvers<void>()
  return {
    opened: open({ settings, log, say, lifecycle, fail }),
    failed,
    stop: (withinMs) => lifecycle.stop(withinMs),
  }
}

interface Opening {
  readonly settings: PlatformSettings
  readonly log: Log
  readonly say: (what: string) => void
  readonly lifecycle: Lifecycle
  readonly fail: () => void
}

async function open(opening: Opening): Promise<Where> {
  const { settings, lifecycle, log } = opening
  const plan = await makePlan(settings)
  const base = await basics(opening)
  const tokens = serviceTokens(plan.secrets.mesh, systemClock)
  const rooms = await openRooms(opening, base, plan, tokens)
  const link = await openLink(opening, base, plan, tokens)
  const services = servicesOf(settings, base, plan, rooms.anywhere, link)
  const { otlpUrl } = settings
  if (otlpUrl !== undefined) {
    const { region, roles } = settings
    const origin = { version: VERSION, region, roles, processId: base.processId }
    await lifecycle.open('tracing', () => startTracing(otlpUrl, origin), { stop: (tracing) => tracing.stop() })
  }
  const stores = services.length > 0 ? await openStores(opening, base) : undefined
  const { host, wired } = await openHost(opening, base, { plan, services, link, stores })
  rooms.hostedBy(host)
  await lifecycle.open('services', () => host.start(), { drain: (_, ms) => host.drain(ms), stop: () => host.stop() })
  if (stores) await openBus(opening, base, stores, host, wired)
  const meshUrl = plan.meshDoor && (await openMesh(opening, base, host, tokens, plan.meshDoor, rooms.lines))
  const checks: Checks = {
    ...base.shared.checks,
    ...(stores && { postgres: () => stores.postgres.ping() }),
  }
  const door = plan.roles.gateway ? gatewayOptions(opening, base, host, plan.secrets, rooms.door, checks) : undefined
  const url = await openDoor(opening, plan.door, () =>
    door ? createGateway(door) : createWatchDoor({ metrics: base.metrics, checks }),
  )
  const contracts = services.map(({ contract }) => contract)
  await announce(lifecycle, { settings, membership: base, contracts, meshUrl, doorUrl: url, version: VERSION })
  lifecycle.ready()
  log.debug({ roles: settings.roles }, 'everything is open')
  return { url: door && url, metricsUrl: `${url}/metrics`, meshUrl, data: plan.data }
}

/** What every process has, whatever its roles. */
async function basics({ settings, log, say, lifecycle, fail }: Opening) {
  const metrics = createMetrics({ process: true })
  const shared = await lifecycle.open('shared stores', () => openShared(settings, log, metrics), {
    stop: (it) => it.close(),
  })
  const { cache, leases } = shared
  const membership = await joinInstallation({ settings, shared, lifecycle, log, say, fail })
  const { node, processId, registry } = membership
  const { roles, region } = settings
  const info = metrics.gauge('meydan_process_info', 'Which process this is', ['process', 'version', 'roles', 'region'])
  info(1, { process: processId, version: VERSION, roles, region })
  const nextId = idMaker(systemClock, node)
  const engine = createRoomEngine({
    games: allGames,
    clock: systemClock,
    cache,
    leases,
    log,
    metrics,
    processId,
    roomsMax: settings.roomsMax,
    handsOver: registry !== undefined,
  })
  return { ...membership, metrics, shared, nextId, engine }
}
type Basics = Awaited<ReturnType<typeof basics>>

/** Rooms as the parts of this process reach them. */
interface Rooms {
  readonly door: RoomDoor
  readonly anywhere: RoomsAnywhere
  /** The rooms of this process, for gateways of others. */
  readonly lines: RoomHost | undefined
  /** To be told once there is a host to call through. */
  hostedBy(host: Host): void
}

async function openRooms(
  { log, lifecycle }: Opening,
  { registry, shared, processId, engine, metrics }: Basics,
  { roles }: Plan,
  tokens: ServiceTokens,
): Promise<Rooms> {
  if (!registry) {
    return { door: engine, anywhere: localRooms(engine), lines: undefined, hostedBy: () => undefined }
  }
  let host: Host | undefined
  const hostOf = (): Host => {
    if (!host) throw core.UNAVAILABLE({ retryAfterS: 1 })
    return host
  }
  const local = roles.rooms ? engine : undefined
  const rooms = await lifecycle.open(
    'lines to rooms',
    () => roomsEverywhere({ registry, shared, processId, engine: local, tokens, log, host: hostOf }),
    { stop: async (it) => it.close() },
  )
  const lines = local && roomHost({ rooms: local, tokens, log, metrics })
  if (lines) await lifecycle.open('lines of gateways', () => lines, { stop: async (it) => it.close() })
  const hostedBy = (it: Host): void => {
    host = it
  }
  return { door: rooms, anywhere: rooms, lines, hostedBy }
}

interface StoreParts {
  readonly postgres: Postgres
  readonly bus: Bus
}

async function openStores({ settings, log, say, lifecycle }: Opening, { metrics }: Basics): Promise<StoreParts> {
  const server = await lifecycle.open('postgres', () => openPostgresServer(settings, log, say), {
    stop: (it) => it.stop(),
  })
  const postgres = await lifecycle.open(
    'postgres connections',
    () => connectPostgres({ url: server.url, poolMax: settings.postgresPool, log }),
    { stop: (it) => it.close() },
  )
  await lifecycle.open('mark', () => markRunning(settings.data, server.url), { stop: (mark) => mark.remove() })
  return { postgres, bus: makeBus(settings, { postgresUrl: server.url, log, metrics }) }
}

/** The way to services of other processes. */
function openLink(
  { lifecycle, log }: Opening,
  { registry, metrics }: Basics,
  plan: Plan,
  tokens: ServiceTokens,
): Promise<MeshLink> {
  const discovery = discoveryOf(plan, registry)
  return lifecycle.open('mesh link', () => meshLink({ discovery, tokens, log, metrics, clock: systemClock }), {
    stop: (it) => it.close(),
  })
}

/** The services of this process. Throws an OperatorError when one calls another that answers nowhere. */
function servicesOf(
  { matchMs, botWaitMs }: PlatformSettings,
  { processId, registry, engine: own }: Basics,
  { roles, mesh, secrets, money, rewards, crash }: Plan,
  anywhere: RoomsAnywhere,
  link: MeshLink,
) {
  const engine = roles.rooms ? own : undefined
  const crashOf = crashElsewhere(registry, link)
  const parts = {
    keys: secrets.identity,
    engine,
    anywhere,
    processId,
    matchMs,
    botWaitMs,
    money,
    rewards,
    crash,
    crashOf,
  }
  const services = Object.entries(catalogue).flatMap(([name, make]) => (roles.services.has(name) ? [make(parts)] : []))
  // Who announces themselves may come later.
  const unreachable = registry ? undefined : callsNowhere(services, new Set([...roles.services, ...mesh.keys()]))
  if (unreachable !== undefined) throw new OperatorError(unreachable)
  return services
}

interface HostParts {
  readonly plan: Plan
  readonly services: readonly AnyService[]
  readonly link: MeshLink
  readonly stores: StoreParts | undefined
}

/** Database, outbox and relay of each service here, by its name. */
type Wired = Map<string, ServiceEvents>

async function openHost(opening: Opening, base: Basics, parts: HostParts): Promise<{ host: Host; wired: Wired }> {
  const { settings, log, lifecycle } = opening
  const { plan, services, link, stores } = parts
  const { metrics, engine } = base
  if (plan.roles.rooms) {
    await lifecycle.open('rooms', () => engine.start(), {
      drain: (_, ms) => engine.drain(ms),
      stop: () => engine.stop(),
    })
  }
  const wired: Wired = new Map()
  const host = await createHost({
    services,
    kit: kitMaker(opening, base, stores, wired),
    remote: { contracts: base.registry ? otherContracts(plan.roles.services) : plan.remote, link },
    limiter: scaled(base.shared.limiter(), settings.limitScale),
    log,
    metrics,
    clock: systemClock,
    freeze: settings.env !== 'production',
  })
  return { host, wired }
}

/** Makes what a service is given, its schema brought up to date; notes in `wired` what the bus needs of it. */
function kitMaker(
  { settings, log }: Opening,
  base: Basics,
  stores: StoreParts | undefined,
  wired: Wired,
): (service: AnyService) => Promise<KitParts> {
  const { metrics, nextId } = base
  const { cache, leases, topics } = base.shared
  const clock = systemClock
  return async (service) => {
    if (!stores) throw new Error('services need stores')
    const source = service.contract.name
    await migrate(stores.postgres.pool, source, service.migrations, log)
    const open = (hooks: { afterCommit: (tx: object) => void }) => stores.postgres.database(source, hooks)
    const made = openEvents({ source, bus: stores.bus, clock, nextId, log, open })
    wired.set(source, made)
    const { db, events } = made
    const serviceLog = log.child({ service: source })
    return { db, events, cache, leases, topics, clock, nextId, log: serviceLog, metrics, random: Math.random, settings }
  }
}

/** The bus starts after the services have subscribed, so that nothing published is unheard. */
async function openBus(
  { lifecycle, log }: Opening,
  { metrics }: Basics,
  { bus }: StoreParts,
  host: Host,
  wired: Wired,
): Promise<void> {
  await lifecycle.open('bus', () => bus.start(), { drain: (_, ms) => bus.stop(ms), stop: () => bus.stop(0) })
  for (const { service, listener } of host.listeners) {
    const made = wired.get(service)
    // Its own database, not just one on its schema: an event that a consumer publishes wakes the relay too.
    if (made) await bus.subscribe(consumer(service, listener, made.db))
  }
  const relays = new Map([...wired].map(([service, { relay }]) => [service, relay]))
  await lifecycle.open('relays', () => relays.forEach((relay) => void relay.start()), {
    stop: async () => void (await Promise.all([...relays.values()].map((relay) => relay.stop()))),
  })
  const watching = jobRunner('platform', backlogJobs(bus, relays, metrics), log, metrics)
  await lifecycle.open('backlog', () => watching.start(), { drain: (_, ms) => watching.stop(ms) })
}

async function openMesh(
  { lifecycle, log }: Opening,
  { metrics, processId }: Basics,
  host: Host,
  tokens: ServiceTokens,
  listening: Listening,
  lines: RoomHost | undefined,
): Promise<string> {
  const server = meshServer({
    host,
    tokens,
    listen: listening,
    log,
    metrics,
    clock: systemClock,
    processId,
    ...(lines && { upgrade: (request, socket, head) => lines.upgrade(request, socket, head) }),
  })
  await lifecycle.open('mesh', () => withPort(listening, () => server.start()), {
    drain: (_, ms) => server.drain(ms),
    stop: () => server.stop(),
  })
  return server.url
}

function gatewayOptions(
  { settings, log }: Opening,
  { metrics, shared }: Basics,
  host: Host,
  secrets: Secrets,
  rooms: RoomDoor,
  checks: Checks,
): GatewayOptions {
  return {
    contracts: host.contracts,
    dispatch: (call, input, context) => host.call(call, input, context),
    verify: tokenVerifier(publicKeys(secrets.identity), systemClock),
    rooms,
    topics: shared.topics,
    limiter: shared.limiter(),
    clock: systemClock,
    log,
    metrics,
    trustProxy: settings.trustProxy,
    version: VERSION,
    corsOrigins: settings.corsOrigins,
    requestsPerWindow: settings.addressLimit,
    checks,
    pages: PAGES,
  }
}

/** Open before it listens: should the port be taken after all, there is something to close already. */
async function openDoor({ lifecycle }: Opening, listening: Listening, make: () => Promise<Gateway>): Promise<string> {
  const door = await lifecycle.open('door', make, {
    drain: (it, ms) => it.drain(ms),
    stop: (it) => it.close(),
  })
  return withPort(listening, () => door.listen(listening.address, listening.port))
}
