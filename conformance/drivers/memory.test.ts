import { quietLog } from '@meydan/conformance/harness'
import { memoryCache, memoryLeases, memoryTopics } from '@meydan/drivers/memory'
import { TOPIC_KEPT_MS } from '@meydan/kernel/storage'
import { manualClock } from '@meydan/kernel/time'
import { expect, test } from 'vitest'
import { cacheSuite } from './cache.ts'
import { leasesSuite } from './leases.ts'
import { topicsSuite } from './topics.ts'

const nothing = async () => {}

cacheSuite('memory', async () => {
  const clock = manualClock()
  return { cache: memoryCache(clock), pass: async (ms) => clock.advance(ms), close: nothing }
})

leasesSuite('memory', async () => {
  const clock = manualClock()
  return { leases: memoryLeases(clock), pass: async (ms) => clock.advance(ms), close: nothing }
})

topicsSuite('memory', async () => ({ topics: memoryTopics(manualClock(), quietLog), close: nothing }))

test('K7 memory holds no more keys and bytes than it was given', async () => {
  const cache = memoryCache(manualClock(), { keysMax: 10, bytesMax: 1_000 })
  for (let n = 0; n < 50; n++) await cache.set(`small-${n}`, n, 60_000)
  const small = await cache.has(Array.from({ length: 50 }, (_, n) => `small-${n}`))
  expect(small.filter(Boolean)).toHaveLength(10)
  expect(small.lastIndexOf(false)).toBe(39)
  await cache.set('large', new Uint8Array(900), 60_000)
  await cache.set('larger', new Uint8Array(900), 60_000)
  expect(await cache.has(['large', 'larger'])).toEqual([false, true])
})

test('T4 a topic that was forgotten comes back with higher numbers, never with old ones', async () => {
  const topics = memoryTopics(manualClock(), quietLog, { idleMax: 5 })
  let highest = 0
  for (let n = 0; n < 10; n++) highest = await topics.publish('busy', 'SAID', n)
  for (let n = 0; n < 20; n++) await topics.publish(`other-${n}`, 'SAID', n)
  expect(await topics.publish('busy', 'SAID', 'again')).toBeGreaterThan(highest)
})

test('T6 events are kept for two minutes, on a topic that falls silent too', async () => {
  const clock = manualClock()
  const topics = memoryTopics(clock, quietLog)
  const before = await topics.position('t6')
  await topics.publish('t6', 'SAID', 1)
  clock.advance(TOPIC_KEPT_MS)
  expect(await topics.since('t6', before)).toHaveLength(1)
  clock.advance(1)
  expect(await topics.since('t6', before)).toBeUndefined()
  expect(await topics.since('t6', before + 1)).toEqual([])
})

test('T4 numbers of a process that was started again are above those of its earlier life', async () => {
  const clock = manualClock()
  const before = await memoryTopics(clock, quietLog).publish('t4', 'SAID', 1)
  clock.advance(1)
  const again = memoryTopics(clock, quietLog)
  for (let n = 0; n < 3; n++) expect(await again.publish('t4', 'SAID', n)).toBeGreaterThan(before)
  expect(await again.since('t4', before)).toBeUndefined()
})

test('T5 a listener that throws keeps nobody else from hearing', async () => {
  const topics = memoryTopics(manualClock(), quietLog)
  const heard: unknown[] = []
  await topics.subscribe('t5', () => {
    throw new Error('a broken listener')
  })
  await topics.subscribe('t5', (event) => heard.push(event.data))
  await topics.publish('t5', 'SAID', 1)
  expect(heard).toEqual([1])
})
