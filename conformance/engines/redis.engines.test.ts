import { setTimeout as delay } from 'node:timers/promises'
import { cacheSuite, leasesSuite, topicsSuite } from '@meydan/conformance/drivers'
import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { connectRedis, redisCache, redisLeases, redisTopics } from '@meydan/drivers/redis'
import { systemClock } from '@meydan/kernel/time'
import { startRedis } from './redis-server.ts'

/** Every suite on a Redis of its own, over a connection of its own. */
async function open(options: readonly string[] = []) {
  const server = await startRedis(options)
  const redis = await connectRedis({ url: server.url, clock: systemClock, log: quietLog, metrics: quietMetrics })
  const close = async () => {
    await redis.close()
    await server.close()
  }
  return { redis, close, pass: (ms: number) => delay(ms) }
}

cacheSuite('redis', async () => {
  const { redis, ...made } = await open()
  return { cache: redisCache(redis), ...made }
})

leasesSuite('redis', async () => {
  const { redis, ...made } = await open()
  return { leases: redisLeases(redis), ...made }
})

topicsSuite('redis', async () => {
  const { redis, ...made } = await open()
  return { topics: redisTopics(redis), ...made }
})
