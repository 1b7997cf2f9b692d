import { memoryCache, memoryLeases, memoryTopics } from '@meydan/drivers/memory'
import type { Checks } from '@meydan/gateway'
import { type Limiter, memoryLimiter } from '@meydan/kernel/rpc'
import type { Cache, Leases, Topics } from '@meydan/kernel/storage'
import type { Log, Metrics } from '@meydan/kernel/telemetry'
import { systemClock as clock } from '@meydan/kernel/time'
import type { PlatformSettings } from './settings.ts'

/** What the processes of one installation share besides the database. Without a Redis each has it to itself. */
export interface Shared {
  readonly cache: Cache
  readonly leases: Leases
  readonly topics: Topics
  /** A limiter whose keys are its own in this process. */
  readonly limiter: () => Limiter
  readonly checks: Checks
  close(): Promise<void>
}

export async function openShared(settings: PlatformSettings, log: Log, metrics: Metrics): Promise<Shared> {
  const { redisUrl: url, redisPrefix: prefix } = settings
  if (url === undefined) return inMemory(log, metrics)
  // Only where it is used: its 500 files are a tenth of a second of every start.
  const { connectRedis, redisCache, redisLeases, redisLimiter, redisTopics } = await import('@meydan/drivers/redis')
  const redis = await connectRedis({ url, prefix, clock, log, metrics })
  return {
    cache: redisCache(redis),
    leases: redisLeases(redis),
    topics: redisTopics(redis),
    limiter: () => redisLimiter(redis, clock),
    checks: { redis: () => redis.ping() },
    close: () => redis.close(),
  }
}

function inMemory(log: Log, metrics: Metrics): Shared {
  const cache = memoryCache(clock)
  metrics.observe('meydan_cache_keys', 'Keys in the cache of this process', () => cache.keys())
  return {
    cache,
    leases: memoryLeases(clock),
    topics: memoryTopics(clock, log),
    limiter: () => memoryLimiter(clock),
    checks: {},
    close: async () => undefined,
  }
}
