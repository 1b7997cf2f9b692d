import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { connectRedis, type Redis, redisCache, redisLeases, redisLimiter, redisTopics } from '@meydan/drivers/redis'
import type { TopicEvent } from '@meydan/kernel/storage'
import { createMetrics } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type RedisServer, startRedis } from './redis-server.ts'

const WAIT = { timeout: 20_000, interval: 20 }
/** Three beats of silence, and what a busy machine adds. */
const REFUSED_MS_MAX = 15_000
const LONG_MS = 60_000

let server: RedisServer
let redis: Redis
const metrics = createMetrics()

beforeEach(async () => {
  server = await startRedis()
  redis = await connectRedis({ url: server.url, clock: systemClock, log: quietLog, metrics })
})
afterEach(async () => {
  await redis.close()
  await server.close()
})

const UNAVAILABLE = { code: 'UNAVAILABLE', status: 503, retryAfterS: 2 }

test('DESIGN §10 Redis dies under load: UNAVAILABLE and nothing else meanwhile, and all goes on when it is back', async () => {
  const [cache, leases, topics] = [redisCache(redis), redisLeases(redis), redisTopics(redis)]
  const heard: TopicEvent[] = []
  await topics.subscribe('news', (event) => heard.push(event))
  const before = await topics.publish('news', 'SAID', 'before')
  await vi.waitFor(() => expect(heard).toHaveLength(1), WAIT)
  let loading = true
  const failures = new Set<unknown>()
  const load = Array.from({ length: 20 }, async (_, n) => {
    while (loading) {
      const works = [
        cache.set(`k${n}`, n, LONG_MS),
        cache.increment('sum', 1, LONG_MS),
        topics.publish('load', 'SAID', n),
      ]
      for (const { reason, status } of await Promise.allSettled(works).then((all) => all.map(reasonOf)))
        if (status === 'rejected') failures.add(reason)
      await new Promise((resolve) => setImmediate(resolve))
    }
  })

  await server.kill()
  await vi.waitFor(() => expect(redis.ping()).rejects.toMatchObject(UNAVAILABLE), WAIT)
  const refused = [
    cache.get('k1'),
    cache.sorted.top('set', 0, 9),
    leases.acquire('room', 'ada', LONG_MS),
    topics.publish('news', 'SAID', 'unheard'),
    topics.subscribe('more', () => undefined),
  ]
  for (const each of refused) await expect(each).rejects.toMatchObject(UNAVAILABLE)

  await server.start()
  await vi.waitFor(() => redis.ping(), WAIT)
  loading = false
  await Promise.all(load)
  expect([...failures]).toEqual(['UNAVAILABLE'])
  await cache.set('again', 1, LONG_MS)
  expect(await cache.get('again')).toBe(1)
  const after = await topics.publish('news', 'SAID', 'after')
  expect(after, 'T4 a topic that was forgotten goes on above its numbers').toBeGreaterThan(before)
  await vi.waitFor(
    () => expect(heard.at(-1)).toEqual({ topic: 'news', seq: after, event: 'SAID', data: 'after' }),
    WAIT,
  )
  expect(heard).toHaveLength(2)
  expect(await metrics.text()).toMatch(/meydan_redis_commands_total\{command="set",code="UNAVAILABLE"\} \d/)
})

function reasonOf(settled: PromiseSettledResult<unknown>) {
  const reason: unknown = settled.status === 'rejected' ? settled.reason : undefined
  const code = reason instanceof Error && 'code' in reason ? reason.code : reason
  return { status: settled.status, reason: code }
}

test('DESIGN §10 a Redis that keeps its connections and answers nobody is not waited for', async () => {
  const cache = redisCache(redis)
  const topics = redisTopics(redis)
  const heard: unknown[] = []
  await topics.subscribe('news', ({ data }) => heard.push(data))
  server.pause()
  const askedMs = performance.now()
  await expect(cache.get('k')).rejects.toMatchObject(UNAVAILABLE)
  expect(performance.now() - askedMs).toBeLessThan(REFUSED_MS_MAX)
  await expect(topics.subscribe('more', () => undefined)).rejects.toMatchObject(UNAVAILABLE)
  server.resume()
  await vi.waitFor(() => redis.ping(), WAIT)
  expect(await cache.get('k')).toBeUndefined()
  await topics.publish('news', 'SAID', 'again')
  await vi.waitFor(() => expect(heard).toEqual(['again']), WAIT)
})

test('L3 tokens grow although the server forgot everything', async () => {
  const leases = redisLeases(redis)
  const first = await leases.acquire('room', 'ada', LONG_MS)
  if (!first) throw new Error('nobody else holds it')
  await server.kill()
  await server.start()
  await vi.waitFor(() => redis.ping(), WAIT)
  expect(await leases.renew(first, LONG_MS), 'nobody may believe that he still has it').toBe(false)
  const second = await leases.acquire('room', 'bo', LONG_MS)
  expect(second?.token).toBeGreaterThan(first.token)
})

test('L4 a lease whose renewals a restarted server has lost goes to nobody else while its owner may believe in it', async () => {
  const leases = redisLeases(redis)
  const ttlMs = 2_000
  const first = await leases.acquire('room', 'ada', ttlMs)
  if (!first) throw new Error('nobody else holds it')
  // What a server knows that lost the last second of its memory: that the lease ran out.
  server.ask('hset', 'meydan:lease:room', 'ends', '1')
  expect(await leases.holder('room')).toBeNull()
  expect(await leases.acquire('room', 'bo', ttlMs)).toBeNull()
  const again = await leases.acquire('room', 'ada', ttlMs)
  expect(again?.token, 'its own owner has it back').toBeGreaterThan(first.token)
  if (again) await leases.release(again)
  expect(await leases.acquire('room', 'bo', ttlMs), 'what was let go of is free').not.toBeNull()
  server.ask('hset', 'meydan:lease:room', 'ends', '1')
  await vi.waitFor(async () => expect(await leases.acquire('room', 'cy', ttlMs)).not.toBeNull(), WAIT)
})

test("L3 tokens grow although the server's clock was set back, while the lease is remembered", async () => {
  const leases = redisLeases(redis)
  const first = await leases.acquire('room', 'ada', LONG_MS)
  if (!first) throw new Error('nobody else holds it')
  // As the server would have given it before its clock was set back by a minute.
  const ahead = String(first.token + 60_000_000n)
  server.ask('hset', 'meydan:lease:room', 'token', ahead)
  await leases.release({ ...first, token: BigInt(ahead) })
  expect((await leases.acquire('room', 'bo', LONG_MS))?.token).toBe(BigInt(ahead) + 1n)
})

test('T2 what nobody listens to any more is not subscribed to again when Redis is back', async () => {
  const topics = redisTopics(redis)
  const gone = await topics.subscribe('gone', () => undefined)
  await topics.subscribe('stays', () => undefined)
  await server.kill()
  await vi.waitFor(() => expect(redis.ping()).rejects.toMatchObject(UNAVAILABLE), WAIT)
  await gone()
  await server.start()
  await vi.waitFor(() => redis.ping(), WAIT)
  await vi.waitFor(() => expect(server.ask('pubsub', 'channels')).toBe('meydan:topic:stays'), WAIT)
})

test('T5 a listener that throws, and a message that is none of ours, keep nobody from hearing', async () => {
  const topics = redisTopics(redis)
  const heard: unknown[] = []
  await topics.subscribe('t5', () => {
    throw new Error('a broken listener')
  })
  await topics.subscribe('t5', ({ data }) => heard.push(data))
  server.ask('publish', 'meydan:topic:t5', 'rubbish')
  await topics.publish('t5', 'SAID', 1)
  await vi.waitFor(() => expect(heard).toEqual([1]), WAIT)
})

test('C9 while Redis is away each process counts for itself', async () => {
  const limiter = redisLimiter(redis, systemClock)
  const limit = { points: 2, perS: 60, by: 'player' } as const
  expect(await limiter.take('k', limit)).toMatchObject({ allowed: true, state: { remaining: 1 } })
  await server.kill()
  await vi.waitFor(() => expect(redis.ping()).rejects.toMatchObject(UNAVAILABLE), WAIT)
  expect(await limiter.take('k', limit)).toMatchObject({ allowed: true, state: { remaining: 0 } })
  expect(await limiter.take('k', limit)).toMatchObject({ allowed: false })
})

test('a Redis that cannot be used is said in one sentence', async () => {
  const refusal = (url: string) => connectRedis({ url, clock: systemClock, log: quietLog, metrics: quietMetrics })
  const at = `127.0.0.1:${server.port}`
  server.ask('config', 'set', 'requirepass', 'right')
  await expect(refusal(server.url)).rejects.toThrow(/does not let user 'default' in: .*MEYDAN_REDIS_URL/)
  const wrong = refusal(`redis://:not-right@${at}`)
  await expect(wrong).rejects.toThrow(`Redis at ${at} does not let user 'default' in`)
  await expect(wrong).rejects.not.toThrow('not-right')
  await expect(refusal('redis://nowhere.invalid')).rejects.toThrow(
    /nowhere\.invalid cannot be found: .*MEYDAN_REDIS_URL/,
  )
  server.ask('-a', 'right', 'replicaof', '127.0.0.1', '1')
  await expect(refusal(`redis://:right@${at}`)).rejects.toThrow(/leads to a replica/)
  server.pause()
  await expect(refusal(`redis://:right@${at}`)).rejects.toThrow(/does not answer: .*MEYDAN_REDIS_URL/)
})
