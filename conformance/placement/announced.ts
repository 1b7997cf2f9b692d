import { connectRedis, redisCache } from '@meydan/drivers/redis'
import { nodeRegistry, type Registry } from '@meydan/kernel/rpc'
import { createLog, createMetrics } from '@meydan/kernel/telemetry'
import { systemClock as clock } from '@meydan/kernel/time'

/** Who is where, as processes announce it in a Redis. */
export interface Announcements {
  readonly registry: Registry
  /** Says from now on that this process answers for these at this address. */
  join(name: string, address: string, services: readonly string[]): Promise<void>
  close(): Promise<void>
}

export async function announcementsAt(redisUrl: string): Promise<Announcements> {
  const log = createLog({ level: 'fatal', pretty: false, name: 'announced' })
  const redis = await connectRedis({ url: redisUrl, clock, log, metrics: createMetrics() })
  const registry = nodeRegistry({ cache: redisCache(redis), clock, log })
  await registry.start()
  return {
    registry,
    join: (processId, address, services) =>
      registry.join({
        processId,
        address,
        watchUrl: null,
        services: [...services],
        // Of the versions that callers hold.
        contracts: {},
        region: 'local',
        version: '0.0.0',
        startedAtMs: clock.now(),
      }),
    async close() {
      await registry.leave()
      registry.stop()
      await redis.close()
    },
  }
}
