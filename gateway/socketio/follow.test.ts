import { quietLog } from '@meydan/conformance/harness'
import { memoryTopics } from '@meydan/drivers/memory'
import type { Topics } from '@meydan/kernel/storage'
import { manualClock } from '@meydan/kernel/time'
import { expect, test, vi } from 'vitest'
import { follow } from './follow.ts'

const TOPIC = 'user:1'

/** A broker whose connection can be away: what is published meanwhile is not heard. */
function interrupted(wrapped: Partial<Topics> = {}) {
  const topics = { ...memoryTopics(manualClock(), quietLog), ...wrapped }
  const line = { isAway: false }
  const subscribe: Topics['subscribe'] = (topic, listener) =>
    topics.subscribe(topic, (event) => {
      if (!line.isAway) listener(event)
    })
  const say = async (...numbers: number[]): Promise<void> => {
    for (const n of numbers) await topics.publish(TOPIC, 'NEWS', n)
  }
  return { line, say, edge: { topics: { ...topics, subscribe }, log: quietLog } }
}

async function listen({ edge }: ReturnType<typeof interrupted>) {
  const heard: unknown[] = []
  const stop = await follow(edge, TOPIC, ({ data }) => heard.push(data))
  return { heard, stop }
}

test('H7 what could not be heard is told with the next event, once and in order', async () => {
  const at = interrupted()
  await at.say(1)
  const { heard, stop } = await listen(at)
  await at.say(2)
  at.line.isAway = true
  await at.say(3, 4)
  at.line.isAway = false
  await at.say(5, 6)
  await vi.waitFor(() => expect(heard).toEqual([2, 3, 4, 5, 6]))
  await at.say(7)
  await vi.waitFor(() => expect(heard).toEqual([2, 3, 4, 5, 6, 7]))
  await stop()
  await at.say(8)
  expect(heard).toHaveLength(6)
})

test('H7 what was lost before the first event is told, too', async () => {
  const at = interrupted()
  await at.say(1)
  const { heard } = await listen(at)
  at.line.isAway = true
  await at.say(2)
  at.line.isAway = false
  await at.say(3)
  await vi.waitFor(() => expect(heard).toEqual([2, 3]))
})

test('H7 what cannot be read any more is left out, and the rest goes on', async () => {
  const at = interrupted({ since: () => Promise.reject(new Error('the broker is away')) })
  const { heard } = await listen(at)
  at.line.isAway = true
  await at.say(1)
  at.line.isAway = false
  await at.say(2)
  await vi.waitFor(() => expect(heard).toEqual([2]))
  await at.say(3)
  await vi.waitFor(() => expect(heard).toEqual([2, 3]))
})

test('H6 a broker that fails leaves nothing behind', async () => {
  const at = interrupted({ position: () => Promise.reject(new Error('the broker is away')) })
  const heard = vi.fn()
  await expect(follow(at.edge, TOPIC, heard)).rejects.toThrow('the broker is away')
  await at.say(1)
  expect(heard).not.toHaveBeenCalled()
})
