import { setTimeout as delay } from 'node:timers/promises'
import { cacheSuite, leasesSuite, topicsSuite } from '@meydan/conformance/drivers'
import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { connectRedis, type Redis, redisCache, redisLeases, redisLimiter, redisTopics } from '@meydan/drivers/redis'
import { systemClock } from '@meydan/kernel/time'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type RedisServer, startRedis } from './redis-server.ts'

/** What drivers/redis/README.md tells an operator to allow, and nothing else. */
const ACL = `user meydan on >secret ~meydan:* &meydan:* -@all +hello +ping +info +cluster|slots
  +evalsha +eval +time +get +set +exists +unlink +incr +incrby +pttl +pexpire
  +zadd +zincrby +zscore +zcard +zrem +zremrangebyrank +zrange +zrevrank +hset +hmget +rpush +ltrim +lindex +lpop +llen +lrange +publish +subscribe +unsubscribe`

/** Time here is the server's own, and a busy machine takes some of it. */
const SHORT_MS = 1_000

interface Place {
  readonly name: string
  start(): Promise<{ server: RedisServer; url: string }>
}

const alone: Place = {
  name: 'redis',
  async start() {
    const server = await startRedis()
    return { server, url: server.url }
  },
}

/** A cluster refuses scripts and transactions over several slots, even where one server holds them all. */
const guarded: Place = {
  name: 'redis in a cluster, with no more rights than needed',
  async start() {
    const server = await startRedis([
      '--cluster-enabled',
      'yes',
      `--${ACL.split(/\s+/)[0]}`,
      ...ACL.split(/\s+/).slice(1),
    ])
    server.ask('cluster', 'addslotsrange', '0', '16383')
    await vi.waitFor(() => expect(server.ask('cluster', 'info')).toMatch(/cluster_state:ok/), { timeout: 10_000 })
    return { server, url: `redis://meydan:secret@127.0.0.1:${server.port}` }
  },
}

const connect = (url: string): Promise<Redis> =>
  connectRedis({ url, clock: systemClock, log: quietLog, metrics: quietMetrics })

for (const place of [alone, guarded]) {
  const open = async () => {
    const { server, url } = await place.start()
    const redis = await connect(url)
    const close = async () => {
      await redis.close()
      await server.close()
    }
    return { server, redis, close, pass: (ms: number) => delay(ms) }
  }
  const openCache = async () => {
    const { redis, ...made } = await open()
    return { cache: redisCache(redis), ...made }
  }
  cacheSuite(place.name, openCache, SHORT_MS)
  const openLeases = async () => {
    const { redis, ...made } = await open()
    // A server that has just been started is careful about leases that have run out.
    const upS = () => Number(/uptime_in_seconds:(\d+)/.exec(made.server.ask('info', 'server'))?.[1])
    await vi.waitFor(() => expect(upS()).toBeGreaterThan(SHORT_MS / 1_000 + 1), { timeout: 10_000 })
    return { leases: redisLeases(redis), ...made }
  }
  leasesSuite(place.name, openLeases, SHORT_MS)
  topicsSuite(place.name, async () => {
    const { redis, ...made } = await open()
    return { topics: redisTopics(redis), ...made }
  })

  describe(`limits on ${place.name}`, () => {
    test('C9 a limit counts for all processes together, and its window ends', async () => {
      const { redis, close } = await open()
      onTestFinished(close)
      const limit = { points: 3, perS: 60, by: 'player' } as const
      const [first, second] = [redisLimiter(redis, systemClock), redisLimiter(redis, systemClock)]
      expect(await first.take('k', limit)).toMatchObject({ allowed: true, state: { remaining: 2, resetS: 60 } })
      expect(await second.take('k', limit)).toMatchObject({ allowed: true, state: { remaining: 1 } })
      expect(await first.take('k', limit)).toMatchObject({ allowed: true, state: { remaining: 0 } })
      expect(await second.take('k', limit)).toMatchObject({ allowed: false, state: { remaining: 0 } })
      const brief = { points: 1, perS: 1, by: 'player' } as const
      expect(await first.take('brief', brief)).toMatchObject({ allowed: true })
      await expect.poll(() => second.take('brief', brief), { timeout: 10_000 }).toMatchObject({ allowed: true })
    })
  })

  test(`everything on ${place.name} is under the prefix and expires`, async () => {
    const { server, redis, close } = await open()
    onTestFinished(close)
    const [cache, leases, topics] = [redisCache(redis), redisLeases(redis), redisTopics(redis)]
    await cache.set('value', 1, 60_000)
    await cache.setIfAbsent('absent', 1, 60_000)
    await cache.increment('count', 1, 60_000)
    await cache.increment('count', 1, 60_000)
    await cache.sorted.add('set', 'ada', 1, 60_000)
    await cache.sorted.addTo('set', 'bo', 1, 60_000)
    const held = await leases.acquire('{held}', 'ada', 60_000)
    const released = await leases.acquire('released', 'ada', 60_000)
    if (!held || !released) throw new Error('nobody else holds them')
    await leases.renew(held, 60_000)
    await leases.release(released)
    await topics.publish('topic', 'SAID', 1)
    await redisLimiter(redis, systemClock).take('limit', { points: 1, perS: 60, by: 'player' })
    const keys = server.ask('--scan').split('\n').sort()
    expect(keys).toEqual(
      [
        'cache:absent',
        'cache:count',
        'cache:value',
        'kept:{meydan:topic:topic}',
        'lease:released',
        'lease:{held}',
        'limit:limit',
        'sorted:set',
        'topic:topic',
      ].map((name) => `meydan:${name}`),
    )
    for (const key of keys) expect(Number(server.ask('pttl', key)), key).toBeGreaterThan(0)
  })
}
