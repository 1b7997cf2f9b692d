import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { freePort, type RunningPlatform, startPlatform, writeSecrets } from '@meydan/conformance/platform'
import { type RedisServer, startRedis } from '../engines/redis-server.ts'

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

const SERVICES = 'services:identity,players,matchmaking,bots,matches,leaderboards,feedback'

const GATEWAY = 2
/** Several processes start on cores that others use. */
const READY_MS_MAX = 90_000

/** `settings` are for all of them. */
export async function startCluster(
  roomsNodes: readonly number[],
  settings: Readonly<Record<string, string>> = {},
  gatewayNodes: readonly [number, ...number[]] = [GATEWAY],
): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-cluster-'))
  const secrets = await writeSecrets(folder)
  const database = await testDatabase('cluster')
  const redis = await startRedis()
  const start = (roles: string, node: number, own: Readonly<Record<string, string>> = {}): Promise<RunningPlatform> =>
    startPlatform(
      {
        MEYDAN_POSTGRES_URL: database.url,
        MEYDAN_POSTGRES_POOL: '6',
        MEYDAN_REDIS_URL: redis.url,
        MEYDAN_SECRETS: secrets,
        MEYDAN_LIMIT_SCALE: '50',
        MEYDAN_LOG: 'info',
        ...settings,
        ...own,
        MEYDAN_NODE: String(node),
        MEYDAN_ROLES: roles,
      },
      { readyMsMax: READY_MS_MAX },
    )
  const services = await start(SERVICES, 1)
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
    database,
    redis,
    gateway,
    gateways,
    services,
    rooms,
    startRooms,
    startGateway,
    async stop() {
      await Promise.all([services, ...gateways.values(), ...rooms.values()].map((each) => each.stop()))
      await redis.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
