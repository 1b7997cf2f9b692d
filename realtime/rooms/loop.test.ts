import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Ticking, TickLoop } from './loop.ts'

const clock = { now: () => Date.now(), monotonic: () => performance.now() }

beforeEach(
  () =>
    void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] }),
)
afterEach(() => void vi.useRealTimers())

function ticked(tickMs = 15): Ticking & { readonly atMs: number[] } {
  const atMs: number[] = []
  return { tickMs, atMs, tick: () => void atMs.push(performance.now()) }
}

test('T1 each room is ticked at its steady rate, and rooms of one rate a moment apart', () => {
  const loop = new TickLoop(clock, () => undefined)
  const rooms = Array.from({ length: 30 }, () => ticked())
  for (const room of rooms) loop.add(room)
  vi.advanceTimersByTime(1_500)
  const moments = new Map<number, number>()
  for (const { atMs } of rooms) {
    expect(atMs.length).toBeGreaterThanOrEqual(99)
    for (const [index, at] of atMs.slice(1).entries()) expect(at - (atMs[index] ?? 0)).toBeCloseTo(15, 6)
    const moment = (atMs[0] ?? 0) % 15
    moments.set(moment, (moments.get(moment) ?? 0) + 1)
  }
  expect([...moments.values()]).toEqual(new Array(15).fill(2))
  loop.stop()
})

test('T1 a loop with one room sleeps between its ticks', () => {
  const sleeps = vi.spyOn(globalThis, 'setTimeout')
  const looks = vi.spyOn(globalThis, 'setImmediate')
  const loop = new TickLoop(clock, () => undefined)
  const room = ticked()
  loop.add(room)
  vi.advanceTimersByTime(1_500)
  expect(room.atMs.length).toBeGreaterThanOrEqual(99)
  expect(sleeps.mock.calls.length + looks.mock.calls.length).toBeLessThan(2 * room.atMs.length)
  loop.stop()
})

test('T1 after a stall at most ten ticks are made up for, and the rest are skipped and counted', () => {
  const STALL_MS = 300
  const room = ticked()
  // It comes with the first tick.
  const stalled = { ...clock, monotonic: () => performance.now() + (room.atMs.length > 0 ? STALL_MS : 0) }
  const loop = new TickLoop(stalled, () => undefined)
  loop.add(room)
  vi.advanceTimersByTime(14)
  expect([room.atMs.length, loop.missed]).toEqual([10, 11])
  vi.advanceTimersByTime(150)
  expect([room.atMs.length, loop.missed]).toEqual([20, 11])
  loop.stop()
})
