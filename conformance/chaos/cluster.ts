import type { TestDatabase } from '@meydan/conformance/harness'
import { freePort, type RunningPlatform } from '@meydan/conformance/platform'
import type { RedisServer } from '../engines/redis-server.ts'
import { ALL_SERVICES, openGround } from './ground.ts'

/** A platform of several real processes on one Postgres and one Redis. */
export interface Cluster {
  readonly database: TestDatabase
  readonly redis: RedisServer
  /** The first of the gateways. */
  readonly gateway: RunningPlatform
  /** Gateways, by number. */
  readonly gateways: Map<number, RunningPlatform>
  readonly services: RunningPlatform
  /** Processes with rooms, by number. */
  readonly rooms: Map<number, RunningPlatform>
  /** One more of these, or one that was killed anew. */
  startRooms(node: number): Promise<RunningPlatform>
  /** The same for a gateway, which comes back on its port. */
  startGateway(node: number): Promise<RunningPlatform>
  stop(): Promise<void>
}

const GATEWAY = 2
/** Of people who play, not of a load. */
const LIMITS = { MEYDAN_LIMIT_SCALE: '50', MEYDAN_ADDRESS_LIMIT: '1000' }

/** `settings` are for all of them. */
export async function startCluster(
  roomsNodes: readonly number[],
  settings: Readonly<Record<string, string>> = {},
  gatewayNodes: readonly [number, ...number[]] = [GATEWAY],
): Promise<Cluster> {
  const ground = await openGround('cluster', { ...LIMITS, MEYDAN_LOG: 'info', ...settings })
  const start = (roles: string, node: number, own: Readonly<Record<string, string>> = {}): Promise<RunningPlatform> =>
    ground.start(roles, { ...own, MEYDAN_NODE: String(node) })
  const services = await start(ALL_SERVICES, 1)
  const gateways = new Map<number, RunningPlatform>()
  const ports = new Map<number, string>()
  const startGateway = async (node: number): Promise<RunningPlatform> => {
    const MEYDAN_PORT = ports.get(node) ?? String(await freePort())
    ports.set(node, MEYDAN_PORT)
    const started = await start('gateway', node, { MEYDAN_PORT })
    gateways.set(node, started)
    return started
  }
  const rooms = new Map<number, RunningPlatform>()
  const startRooms = async (node: number): Promise<RunningPlatform> => {
    const started = await start('rooms', node)
    rooms.set(node, started)
    return started
  }
  const [gateway] = await Promise.all([
    startGateway(gatewayNodes[0]),
    ...gatewayNodes.slice(1).map(startGateway),
    ...roomsNodes.map(startRooms),
  ])
  return {
    database: ground.database,
    redis: ground.redis,
    gateway,
    gateways,
    services,
    rooms,
    startRooms,
    startGateway,
    stop: () => ground.close(),
  }
}
