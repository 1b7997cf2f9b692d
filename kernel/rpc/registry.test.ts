import { quietLog } from '@meydan/conformance/harness'
import { memoryCache } from '@meydan/drivers/memory'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Cache } from '../storage/index.ts'
import { manualClock } from '../time/index.ts'
import { firstOf, type Node, nodeRegistry, type Registry, staticDiscovery, type Wanted } from './index.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const node = (processId: string, ...services: string[]): Node => ({
  processId,
  address: `http://${processId}:4100`,
  watchUrl: null,
  services,
  contracts: {},
  region: 'local',
  version: '1',
  startedAtMs: 0,
})

const of = (name: string, version = 1): Wanted => ({ name, version })

function together() {
  const clock = manualClock()
  const shared = memoryCache(clock)
  let isAway = false
  const cache: Cache = {
    ...shared,
    get: (key) => (isAway ? Promise.reject(new Error('away')) : shared.get(key)),
  }
  const open = async (self?: Node): Promise<Registry> => {
    const registry = nodeRegistry({ cache, clock, log: quietLog })
    await registry.start()
    if (self) await registry.join(self)
    return registry
  }
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.advance(500)
      await vi.advanceTimersByTimeAsync(500)
    }
  }
  const away = (now: boolean): void => {
    isAway = now
  }
  return { open, pass, away }
}

test('C7 processes find one another by what they announce, and who is silent for three seconds is gone', async () => {
  const { open, pass } = together()
  const [one, two, looker] = [await open(node('a', 'rooms')), await open(node('b', 'rooms', 'players')), await open()]
  await pass(1_000)
  const rooms = async (): Promise<readonly string[]> => (await looker.resolve(of('rooms'))).toSorted()
  expect([await rooms(), await looker.resolve(of('players')), await looker.resolve(of('wallet'))]).toEqual([
    ['http://a:4100', 'http://b:4100'],
    ['http://b:4100'],
    [],
  ])
  two.stop()
  await pass(5_000)
  expect([await rooms(), await looker.addressOf('b')]).toEqual([['http://a:4100'], undefined])
  for (const each of [one, looker]) each.stop()
})

test('C7 who leaves is called no more, and does not come back by a late announcement', async () => {
  const { open, pass } = together()
  const [one, looker] = [await open(node('a', 'rooms')), await open()]
  await one.leave()
  await pass(2_000)
  expect(await looker.resolve(of('rooms'))).toEqual([])
  for (const each of [one, looker]) each.stop()
})

test('C11 processes of two versions live side by side: each caller is sent to its own', async () => {
  const { open, pass } = together()
  const versions = [1, 2].map((version) => ({ ...node(`v${version}`, 'rooms'), contracts: { rooms: version } }))
  const others = await Promise.all(versions.map(open))
  const looker = await open()
  await pass(1_000)
  expect([await looker.resolve(of('rooms', 1)), await looker.resolve(of('rooms', 2))]).toEqual([
    ['http://v1:4100'],
    ['http://v2:4100'],
  ])
  await expect(looker.resolve(of('rooms', 3))).rejects.toMatchObject({
    code: 'VERSION_MISMATCH',
    message: expect.stringMatching(/version 3 of rooms/),
    details: { contract: 'rooms', caller: 3, processes: { v1: 1, v2: 2 } },
  })
  for (const each of [...others, looker]) each.stop()
})

test('C11 who leaves is still there for those who have not looked since', async () => {
  const { open } = together()
  const [leaving, empty] = [await open(node('a', 'rooms')), await open(node('b'))]
  const beganMs = performance.now()
  await empty.leave()
  const emptyLeftMs = performance.now()
  await leaving.leave()
  expect(performance.now() - emptyLeftMs).toBeGreaterThan(1_000)
  expect(emptyLeftMs - beganMs).toBeLessThan(1_000)
  for (const each of [leaving, empty]) each.stop()
})

test('C10 who falls silent is told of as lost, with since when, for an hour; who takes leave is not', async () => {
  const { open, pass } = together()
  const startedMs = manualClock().now()
  const [dies, leaves, looker] = [await open(node('a', 'rooms')), await open(node('b')), await open()]
  await pass(10_000)
  dies.stop()
  await leaves.leave()
  await pass(5_000)
  expect(looker.lost).toEqual([{ processId: 'a', sinceMs: startedMs + 10_000 }])
  await pass(60 * 60_000)
  expect(looker.lost).toEqual([])
  for (const each of [leaves, looker]) each.stop()
})

test('C10 a process that takes no calls announces itself too, and is called by nobody', async () => {
  const { open, pass } = together()
  const gateway = await open({ ...node('g', 'rooms'), address: null, watchUrl: 'http://g:4000' })
  await pass(1_000)
  expect(gateway.nodes).toMatchObject([{ processId: 'g', watchUrl: 'http://g:4000' }])
  expect([await gateway.resolve(of('rooms')), await gateway.addressOf('g')]).toEqual([[], undefined])
  gateway.stop()
})

test('C7 E4 while the cache is away, the processes that were there last are still called', async () => {
  const { open, pass, away } = together()
  const [one, looker] = [await open(node('a', 'rooms')), await open()]
  away(true)
  await pass(10_000)
  expect(await looker.resolve(of('rooms'))).toEqual(['http://a:4100'])
  away(false)
  one.stop()
  await pass(5_000)
  expect(await looker.resolve(of('rooms'))).toEqual([])
  looker.stop()
})

test('C7 a process that has just come is found by its name before the next look', async () => {
  const { open } = together()
  const [looker, late] = [await open(), await open(node('z', 'rooms'))]
  expect([await looker.resolve(of('rooms')), await looker.addressOf('z')]).toEqual([[], 'http://z:4100'])
  for (const each of [looker, late]) each.stop()
})

test('C7 what an operator wrote down goes before what is announced', async () => {
  const lists = firstOf(
    staticDiscovery({ players: ['http://p:1'] }),
    staticDiscovery({ players: ['http://q:1'], rooms: ['http://r:1'] }),
  )
  expect([await lists.resolve(of('players')), await lists.resolve(of('rooms')), await lists.resolve(of('x'))]).toEqual([
    ['http://p:1'],
    ['http://r:1'],
    [],
  ])
})
