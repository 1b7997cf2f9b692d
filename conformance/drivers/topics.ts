import { setImmediate } from 'node:timers/promises'
import { TOPIC_KEPT_MAX, type TopicEvent, type Topics } from '@meydan/kernel/storage'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

export interface TopicsUnderTest {
  readonly topics: Topics
  close(): Promise<void>
}

/** What every driver of the topic port does. */
export function topicsSuite(driver: string, open: () => Promise<TopicsUnderTest>): void {
  describe(`topics on ${driver}`, () => {
    let made: TopicsUnderTest
    let topics: Topics
    beforeAll(async () => {
      made = await open()
      topics = made.topics
    })
    afterAll(() => made.close())

    const listen = async (topic: string) => {
      const heard: TopicEvent[] = []
      const stop = await topics.subscribe(topic, (event) => heard.push(event))
      return { heard, stop }
    }

    test('C8 T1 every subscriber hears every event, in order, numbered without gaps', async () => {
      const first = await listen('t1')
      const second = await listen('t1')
      const other = await listen('t1-other')
      const numbers: number[] = []
      for (let n = 0; n < 20; n++) numbers.push(await topics.publish('t1', 'MOVED', { n }))
      const start = numbers[0] ?? 0
      expect(numbers).toEqual(Array.from({ length: 20 }, (_, n) => start + n))
      const expected = numbers.map((seq, n) => ({ topic: 't1', seq, event: 'MOVED', data: { n } }))
      await vi.waitFor(() => expect(second.heard).toHaveLength(20))
      expect(first.heard).toEqual(expected)
      expect(second.heard).toEqual(expected)
      expect(other.heard).toEqual([])
    })
    test('T1 events published all at once arrive in the order of their numbers', async () => {
      const { heard } = await listen('t1-burst')
      await Promise.all(Array.from({ length: 50 }, (_, n) => topics.publish('t1-burst', 'MOVED', n)))
      await vi.waitFor(() => expect(heard).toHaveLength(50))
      const numbers = heard.map(({ seq }) => seq)
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
      expect(new Set(numbers).size).toBe(50)
    })
    test('T2 who has unsubscribed hears no more, others do', async () => {
      const gone = await listen('t2')
      const stays = await listen('t2')
      await gone.stop()
      await topics.publish('t2', 'SAID', 'hello')
      await vi.waitFor(() => expect(stays.heard).toHaveLength(1))
      expect(gone.heard).toEqual([])
    })
    test('T2 the numbers go on while nobody listens', async () => {
      const before = await topics.publish('t2-quiet', 'SAID', 1)
      const { heard } = await listen('t2-quiet')
      await topics.publish('t2-quiet', 'SAID', 2)
      await vi.waitFor(() => expect(heard).toHaveLength(1))
      expect(heard[0]?.seq).toBe(before + 1)
    })
    test('T3 what one listener does to the data, or the publisher later, no other listener sees', async () => {
      const data = { list: [1] }
      await topics.subscribe('t3', (event) => {
        if (typeof event.data === 'object') Reflect.set(event.data ?? {}, 'list', 'spoiled')
      })
      const { heard } = await listen('t3')
      await topics.publish('t3', 'SAID', data)
      data.list.push(2)
      await vi.waitFor(() => expect(heard).toHaveLength(1))
      expect(heard[0]?.data).toEqual({ list: [1] })
    })
    test('T6 what came after a number is told in order, as subscribers heard it', async () => {
      const before = await topics.position('t6')
      expect(await topics.since('t6', before)).toEqual([])
      const { heard } = await listen('t6')
      for (let n = 0; n < 5; n++) await topics.publish('t6', 'MOVED', { n, text: 'ş€\u0000', list: [null, 1.5] })
      await vi.waitFor(() => expect(heard).toHaveLength(5))
      expect(heard[0]?.seq).toBe(before + 1)
      expect(await topics.position('t6')).toBe(before + 5)
      expect(await topics.since('t6', before)).toEqual(heard)
      expect(await topics.since('t6', before + 3)).toEqual(heard.slice(3))
      expect(await topics.since('t6', before + 5)).toEqual([])
    })
    test('T6 a number of the future, or of before the topic was known, is not taken for one that was', async () => {
      const first = await topics.publish('t6-far', 'SAID', 1)
      expect(await topics.since('t6-far', first + 1)).toBeUndefined()
      expect(await topics.since('t6-far', first - 2)).toBeUndefined()
      expect(await topics.since('t6-far', 0)).toBeUndefined()
      expect(await topics.since('t6-never', 0)).toBeUndefined()
    })
    test('T6 the last 512 are kept and no more, and of an event that fell out it is not said that nothing was missed', async () => {
      const before = await topics.position('t6-many')
      await Promise.all(Array.from({ length: TOPIC_KEPT_MAX + 1 }, (_, n) => topics.publish('t6-many', 'MOVED', n)))
      expect(await topics.since('t6-many', before)).toBeUndefined()
      const kept = await topics.since('t6-many', before + 1)
      expect(kept?.map(({ seq }) => seq - before)).toEqual(Array.from({ length: TOPIC_KEPT_MAX }, (_, n) => n + 2))
    })
    test('T6 who subscribes and then asks misses nothing, whatever is published meanwhile', async () => {
      let publishing = true
      const publisher = (async () => {
        for (let n = 0; publishing; n++) {
          await topics.publish('t6-live', 'MOVED', n)
          await setImmediate()
        }
      })()
      const { heard } = await listen('t6-live')
      const position = await topics.position('t6-live')
      await vi.waitFor(() => expect(heard.at(-1)?.seq ?? 0).toBeGreaterThan(position + 50))
      publishing = false
      await publisher
      const after = heard.map(({ seq }) => seq).filter((seq) => seq > position)
      expect(after).toEqual(after.map((_, n) => position + 1 + n))
    })
  })
}
