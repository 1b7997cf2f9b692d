import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafkaBroker, testDatabase } from '@meydan/conformance/harness'
import { freePort, type RunningPlatform, startPlatform, writeSecrets } from '@meydan/conformance/platform'
import { startRedis } from '../engines/redis-server.ts'

export type Settings = Readonly<Record<string, string>>

/** A deployment's processes, running on this machine. */
export interface Deployment {
  /** The process of that name. Throws when there is none. */
  of(name: string): RunningPlatform
  stop(): Promise<void>
}

/** Several processes at once, on a Kafka that has just begun itself. */
const READY_MS_MAX = 90_000

/** What depends on where a process runs. */
const OF_THE_PLACE = ['MEYDAN_HOST', 'MEYDAN_PORT', 'MEYDAN_DATA', 'POD_IP']
/** Short waits, so that a test sees a whole match. */
const HURRIED = {
  MEYDAN_BOT_WAIT_MS: '200',
  MEYDAN_MATCH_MS: '2000',
  MEYDAN_DRAIN_MS: '500',
  MEYDAN_POSTGRES_POOL: '5',
}

/**
 * Starts the processes of a deployment with the settings it gives them. Those that name a Redis or a Kafka get a real one, by which they find
 * each other.
 */
export async function startDeployment(processes: Readonly<Record<string, Settings>>): Promise<Deployment> {
  const cleanups: (() => Promise<void>)[] = []
  const stop = async (): Promise<void> => {
    for (const cleanup of cleanups.toReversed()) await cleanup()
  }
  try {
    const stores = await startStores(Object.values(processes), cleanups)
    const running = await startProcesses(processes, stores, cleanups)
    return { of: (name) => running.get(name) ?? missing(name), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function missing(name: string): never {
  throw new Error(`the deployment has no process ${name}`)
}

/** Gives the settings that say where the stores are which these processes name, and Postgres. */
async function startStores(processes: readonly Settings[], cleanups: (() => Promise<void>)[]): Promise<Settings> {
  const named = (setting: string): boolean => processes.some((settings) => setting in settings)
  const folder = await mkdtemp(join(tmpdir(), 'meydan-deployment-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const database = await testDatabase('deployment')
  cleanups.push(() => database.close())
  const redis = named('MEYDAN_REDIS_URL') ? await startRedis() : undefined
  if (redis) cleanups.push(() => redis.close())
  const kafka = named('MEYDAN_KAFKA_BROKERS') ? await kafkaBroker() : undefined
  if (kafka) cleanups.push(() => kafka.close())
  return {
    MEYDAN_SECRETS: await writeSecrets(folder),
    MEYDAN_POSTGRES_URL: database.url,
    ...(redis && { MEYDAN_REDIS_URL: redis.url }),
    ...(kafka && { MEYDAN_KAFKA_BROKERS: kafka.address }),
  }
}

async function startProcesses(
  processes: Readonly<Record<string, Settings>>,
  stores: Settings,
  cleanups: (() => Promise<void>)[],
): Promise<ReadonlyMap<string, RunningPlatform>> {
  const running = new Map<string, RunningPlatform>()
  cleanups.push(async () => void (await Promise.all([...running.values()].map((platform) => platform.stop()))))
  const started = await Promise.allSettled(
    Object.entries(processes).map(async ([name, given]) =>
      running.set(name, await startPlatform({ ...(await here(given)), ...stores }, { readyMsMax: READY_MS_MAX })),
    ),
  )
  for (const one of started) if (one.status === 'rejected') throw one.reason
  return running
}

/** The settings as they are on this machine, where all processes have one address and each a port of its own. */
async function here(given: Settings): Promise<Settings> {
  const kept = Object.entries(given).filter(([setting]) => !OF_THE_PLACE.includes(setting))
  const port = String(await freePort())
  const url = given.MEYDAN_MESH_URL?.replace('$(POD_IP)', '127.0.0.1').replace(/:\d+$/, `:${port}`)
  return {
    ...Object.fromEntries(kept),
    ...HURRIED,
    ...(given.MEYDAN_MESH_PORT !== undefined && { MEYDAN_MESH_PORT: port }),
    ...(url !== undefined && { MEYDAN_MESH_URL: url }),
  }
}
