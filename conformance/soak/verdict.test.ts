import { expect, test } from 'vitest'
import type { Gauges } from './gauges.ts'
import { faultsOf } from './verdict.ts'

const EMPTY: Gauges = {
  rssMb: 100,
  heapMb: 50,
  rooms: 0,
  seated: 0,
  sockets: 0,
  sessions: 0,
  queued: 0,
  timers: 30,
  keys: 10,
  ticksMissed: 0,
}
const DEEDS = { matches: 0, finished: 0, left: 0, cancelled: 0, goneForGood: 0, refused: {} }
const samples = (of: (part: number) => Partial<Gauges>) =>
  Array.from({ length: 30 }, (_, index) => ({
    atMs: index,
    gauges: { ...EMPTY, ...of(index / 29) },
    deeds: DEEDS,
    cuts: 0,
  }))

test('a soak that gives everything back and stays flat is well', () => {
  expect(
    faultsOf({ before: EMPTY, samples: samples((part) => ({ rssMb: Math.min(300, 100 + part * 900) })), after: EMPTY }),
  ).toEqual([])
})

test('a soak finds what is left over, and what grows', () => {
  const after = { ...EMPTY, rooms: 1, sessions: 2, queued: 3, timers: 90 }
  const growing = samples((part) => ({ rssMb: 100 + part * 300, keys: 1_000 + part * 9_000 }))
  expect(faultsOf({ before: EMPTY, samples: growing, after })).toEqual([
    '1 rooms were left over',
    '2 sessions were left over',
    '3 people were left in the queue',
    '60 timers were left running',
    expect.stringContaining('memory grew'),
    expect.stringContaining('the cache grew'),
  ])
})
