import { expect, onTestFinished, test, vi } from 'vitest'
import { createNames } from './names.ts'
import type { Chunk, Place, Reader } from './reader.ts'
import { createTenure, type TenureParts } from './tenure.ts'

const names = createNames('test').feed('group', 'SAID')
const CHUNK = 100
const WAIT = { timeout: 5_000, interval: 5 }

const record = (offset: bigint) => ({
  offset,
  key: 'k',
  value: Buffer.from(JSON.stringify({ id: String(offset), name: 'SAID', key: `k${offset}` })),
  headers: new Map<string, string>(),
})

/** Partition 0 of both topics, so many records in each. */
function log(ends: Readonly<Record<string, bigint>>): Reader & { asked: Place[] } {
  const asked: Place[] = []
  return {
    asked,
    leaders: async (places) => new Map([[1, [...places]]]),
    async fetch(_leader, places) {
      asked.push(...places)
      await new Promise(setImmediate)
      return places.map(({ topic, offset }): Chunk => {
        const left = Number((ends[topic] ?? 0n) - offset)
        const records = Array.from({ length: Math.min(CHUNK, left) }, (_, n) => record(offset + BigInt(n)))
        return { topic, partition: 0, records, next: offset + BigInt(records.length) }
      })
    },
    bounds: async () => new Map(Object.entries(ends).map(([topic, end]) => [topic, [{ first: 0n, end }]])),
    close: async () => undefined,
  }
}

function tenure(reader: Reader, more: Partial<TenureParts>) {
  const committed: Place[] = []
  const it = createTenure({
    names,
    partitions: [0],
    reader,
    said: { warn: () => undefined, error: () => undefined },
    handling: () => ({ hear: async () => true, hearAgain: async () => true }),
    committed: async () => new Map(),
    commit: async (places) => void committed.push(...places),
    fail: (error) => expect.fail(String(error)),
    ...more,
  })
  onTestFinished(() => it.end(0))
  return { ...it, committed }
}

test('a partition whose events are not done is not read on for ever', async () => {
  const reader = log({ [names.events]: 10_000n, [names.retries]: 0n })
  let heard = 0
  const hear = () => {
    heard++
    return new Promise<boolean>(() => undefined)
  }
  tenure(reader, { handling: () => ({ hear, hearAgain: async () => true }) })
  const asked = () => reader.asked.length
  await vi.waitFor(() => expect(heard).toBeGreaterThanOrEqual(256), WAIT)
  const before = asked()
  // It goes on looking for retries, and that is all it looks for.
  await vi.waitFor(() => expect(asked()).toBeGreaterThan(before + 20), WAIT)
  expect(heard).toBeLessThan(256 + CHUNK)
})

test('E8 no event is handled before all retries that were there are known', async () => {
  const reader = log({ [names.events]: 10n, [names.retries]: 250n })
  const order: string[] = []
  const handling = () => ({
    hear: async () => order.push('event') > 0,
    hearAgain: async () => order.push('retry') > 0,
  })
  tenure(reader, { handling })
  await vi.waitFor(() => expect(order).toHaveLength(260), WAIT)
  expect(order.indexOf('event')).toBe(250)
})

test('E2 it begins where the group was, within what is still kept, and commits what is done when it ends', async () => {
  const reader = log({ [names.events]: 10n, [names.retries]: 0n })
  const heard: string[] = []
  const hear = async ({ id }: { id: string }) => heard.push(id) > 0 && id !== '8'
  const { end, committed } = tenure(reader, {
    handling: () => ({ hear, hearAgain: async () => true }),
    committed: async () =>
      new Map([
        [names.events, [6n]],
        [names.retries, [99n]],
      ]),
  })
  await vi.waitFor(() => expect(heard).toEqual(['6', '7', '8', '9']), WAIT)
  await end(1_000)
  expect(committed.findLast(({ topic }) => topic === names.events)?.offset).toBe(8n)
  expect(committed.findLast(({ topic }) => topic === names.retries)?.offset).toBe(0n)
})

test('E2 a record that is no event is passed over, and said', async () => {
  const reader = log({ [names.events]: 3n, [names.retries]: 0n })
  const fetch: Reader['fetch'] = async (leader, places, waitMs) =>
    (await reader.fetch(leader, places, waitMs)).map((chunk) => ({
      ...chunk,
      records: chunk.records.map((it) => (it.offset === 1n ? { ...it, value: Buffer.from('not ours') } : it)),
    }))
  const error = vi.fn()
  const { end, committed } = tenure({ ...reader, fetch }, { said: { warn: () => undefined, error } })
  await vi.waitFor(() => expect(committed.at(-1)?.offset).toBeDefined(), WAIT)
  await end(1_000)
  expect(committed.findLast(({ topic }) => topic === names.events)?.offset).toBe(3n)
  expect(error).toHaveBeenCalledOnce()
})
