import { core, Fault } from '@meydan/contracts/core'
import { OperatorError } from '@meydan/kernel/config'
import type { Log, Metrics } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
import { type Connection, openConnection, type RedisClient } from './connection.ts'
import { redisFault } from './faults.ts'
import { refusal } from './refusal.ts'

export interface RedisOptions {
  /** `redis://user:password@host:port/database`, `rediss://…` for TLS, `unix:///path`. */
  readonly url: string
  /** Before every key and channel, for installations that share a server; `meydan:` unless given. */
  readonly prefix?: string
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

/** Runs one command, counted and timed under its name. Throws UNAVAILABLE while Redis is away. */
export type Ask = <T>(command: string, work: (client: RedisClient) => Promise<T>) => Promise<T>

/** A Redis server, and the connections to it: one for commands, one that hears topics. */
export interface Redis {
  readonly prefix: string
  readonly log: Log
  readonly ask: Ask
  /** Hears what is published; takes no other commands. */
  readonly hearing: RedisClient
  /** Throws UNAVAILABLE unless both connections are up. */
  ping(): Promise<void>
  close(): Promise<void>
}

const PREFIX = 'meydan:'
const SECONDS = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1, 4]

/**
 * Connects, and throws an OperatorError that says what to do when the URL is wrong or nobody answers there.
 * Later losses are UNAVAILABLE faults of the calls that meet them, and heal by themselves.
 */
export async function connectRedis(options: RedisOptions): Promise<Redis> {
  const { url, prefix = PREFIX, log } = options
  const connections: Connection[] = []
  const open = async (name: string): Promise<RedisClient> => {
    const connection = await openConnection({ url, prefix, name, log })
    connections.push(connection)
    return connection.client
  }
  const close = async (): Promise<void> => {
    for (const connection of connections.splice(0)) connection.close()
  }
  try {
    const client = await open('meydan')
    await checkServer(client)
    const hearing = await open('meydan-topics')
    const ask = metered(client, options)
    return {
      prefix,
      log,
      ask,
      hearing,
      async ping() {
        await ask('ping', () => client.ping())
        if (!hearing.isReady) throw core.UNAVAILABLE({ message: 'Topics are not heard now.', retryAfterS: 2 })
      },
      close,
    }
  } catch (error) {
    await close()
    throw refusal(url, error)
  }
}

function metered(client: RedisClient, { clock, metrics }: RedisOptions): Ask {
  const asked = metrics.counter('meydan_redis_commands_total', 'Commands to Redis, by outcome', ['command', 'code'])
  const took = metrics.histogram('meydan_redis_command_duration_seconds', 'Until Redis answered', SECONDS, ['command'])
  metrics.observe('meydan_redis_connected', '1 while there is a connection to Redis', () => (client.isReady ? 1 : 0))
  return async (command, work) => {
    const startedMs = clock.monotonic()
    let code = 'OK'
    try {
      return await work(client)
    } catch (error) {
      const fault = redisFault(error)
      code = fault instanceof Fault ? fault.code : 'INTERNAL'
      throw fault
    } finally {
      asked(1, { command, code })
      took((clock.monotonic() - startedMs) / 1_000, { command })
    }
  }
}

/** The oldest Redis whose commands are used (`ZRANGE … REV`). */
const VERSION_MIN = [6, 2] as const
const SLOT_MAX = 16_383

async function checkServer(client: RedisClient): Promise<void> {
  const { version, role, mode } = await client.hello()
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < VERSION_MIN[0] || (major === VERSION_MIN[0] && minor < VERSION_MIN[1])) {
    throw new OperatorError(`Redis ${version} is too old for Meydan: use version ${VERSION_MIN.join('.')} or newer.`)
  }
  if (role !== 'master') {
    throw new OperatorError('MEYDAN_REDIS_URL leads to a replica, which cannot be written: name the primary server.')
  }
  if (mode === 'cluster' && (await client.clusterSlots()).some(({ from, to }) => from > 0 || to < SLOT_MAX)) {
    throw new OperatorError('MEYDAN_REDIS_URL leads to a cluster of several servers: name one that holds every slot.')
  }
}
