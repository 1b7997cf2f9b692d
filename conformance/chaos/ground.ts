import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { type RunningPlatform, startPlatform, writeSecrets } from '@meydan/conformance/platform'
import { type RedisServer, startRedis } from '../engines/redis-server.ts'
import { type Command, commandWith } from './poison.ts'

/** Several processes start at once, on two cores that others may use. */
const READY_MS_MAX = 90_000

/** Every service but the one of the rooms, for one process. */
export const ALL_SERVICES =
  'services:identity,players,matchmaking,bots,matches,leaderboards,feedback,wallet,rewards,crash'

type Settings = Readonly<Record<string, string>>

/** What processes of one installation stand on: a Postgres, a Redis and secrets. A test starts on it what it needs. */
export interface Ground {
  readonly database: TestDatabase
  readonly redis: RedisServer
  /** The settings by which a process belongs to it. */
  readonly settings: Settings
  /** Runs a command on it, as an operator does. */
  readonly meydan: Command
  /** One more process; it is stopped with the others unless it has ended by itself. */
  start(roles: string, settings?: Settings): Promise<RunningPlatform>
  close(): Promise<void>
}

/** `more` is for all of its processes. */
export async function openGround(name: string, more: Settings = {}): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), `meydan-${name}-`))
  const database = await testDatabase(name)
  const redis = await startRedis()
  const settings = {
    MEYDAN_POSTGRES_URL: database.url,
    MEYDAN_POSTGRES_POOL: '6',
    MEYDAN_REDIS_URL: redis.url,
    MEYDAN_SECRETS: await writeSecrets(folder),
    MEYDAN_LIMIT_SCALE: '10000',
    MEYDAN_ADDRESS_LIMIT: '1000000',
    ...more,
  }
  const started: RunningPlatform[] = []
  return {
    database,
    redis,
    settings,
    meydan: commandWith({ ...settings, MEYDAN_DATA: join(folder, 'data') }),
    async start(roles, own = {}) {
      const platform = await startPlatform({ ...settings, MEYDAN_ROLES: roles, ...own }, { readyMsMax: READY_MS_MAX })
      started.push(platform)
      return platform
    },
    async close() {
      await Promise.all(started.map((platform) => platform.stop()))
      await redis.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
