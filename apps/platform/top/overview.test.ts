import { expect, test } from 'vitest'
import type { Answer } from './asking.ts'
import { parseExposition } from './exposition.ts'
import { overview, type Seen } from './overview.ts'

/** What a process answers: these lines besides who it is and when it was started. */
function answer(atS: number, node: number, lines: readonly string[], more: Partial<Answer> = {}): Answer {
  const own = [
    `meydan_process_info{process="node-${node}",version="0.1.0",roles="rooms",region="local"} 1`,
    'process_start_time_seconds 1000',
  ]
  const samples = parseExposition([...own, ...lines].join('\n'))
  return { atMs: atS * 1_000, samples, status: 'ready', checks: {}, ...more }
}

const seen = (name: string, ...answers: readonly Answer[]): Seen => ({
  name,
  url: 'http://127.0.0.1:1',
  answers,
  silentSinceMs: undefined,
})

const calls = (ok: number, failed: number): string[] => [
  `meydan_calls_total{call="a.b",code="OK"} ${ok}`,
  `meydan_calls_total{call="a.b",code="NOT_FOUND"} 0`,
  `meydan_calls_total{call="a.b",code="INTERNAL"} ${failed}`,
]

test('C10 rates are of the time between the first look and the last; errors are those of our fault', () => {
  const { processes, totals } = overview(
    [seen('a', answer(1_100, 1, calls(100, 0)), answer(1_102, 1, calls(120, 4)))],
    0,
  )
  expect(processes[0]).toMatchObject({ name: 'node-1', roles: 'rooms', version: '0.1.0', state: 'ready' })
  expect(processes[0]?.measured).toMatchObject({ callsPerS: 12, errorsPerS: 2, upS: 102 })
  expect(totals).toMatchObject({ callsPerS: 12, errorsPerS: 2 })
})

test('C10 what a process counted before it was started anew is not subtracted', () => {
  const restarted = answer(1_102, 1, calls(3, 0))
  const samples = restarted.samples.map((sample) =>
    sample.name === 'process_start_time_seconds' ? { ...sample, value: 1_101 } : sample,
  )
  const [process] = overview([seen('a', answer(1_100, 1, calls(100, 0)), { ...restarted, samples })], 0).processes
  expect(process?.measured).toMatchObject({ upS: 1, callsPerS: undefined })
})

test('C10 rooms and players are added up; queue, bus and dead letters, which each tells the same of, are not', () => {
  const lines = [
    'meydan_rooms 2',
    'meydan_room_players 7',
    'meydan_queue_depth 4',
    'meydan_bus_depth{group="x"} 3',
    'meydan_bus_dead_letters{group="x"} 1',
    'meydan_bus_dead_letters{group="y"} 0',
    'meydan_outbox_lag_seconds{service="s"} 1.5',
  ]
  const { totals } = overview([seen('a', answer(1, 1, lines)), seen('b', answer(1, 2, lines))], 0)
  expect(totals).toMatchObject({
    rooms: 4,
    players: 14,
    queued: 4,
    eventsWaiting: 3,
    outboxLagS: 1.5,
    deadLetters: { x: 1 },
  })
})

test('C10 a store is in trouble for those who say so', () => {
  const well = answer(1, 1, [], { checks: { redis: 'ok', postgres: 'ok' } })
  const unwell = answer(1, 2, [], { status: 'not ready', checks: { redis: 'Redis is away.' } })
  const { stores, processes } = overview([seen('a', well), seen('b', unwell)], 0)
  expect(stores).toEqual([
    { name: 'redis', troubles: [{ process: 'node-2', why: 'Redis is away.' }] },
    { name: 'postgres', troubles: [] },
  ])
  expect(processes.map(({ state }) => state)).toEqual(['ready', 'not ready'])
})

test('C10 a silent process keeps its name and what it did, and counts for nothing', () => {
  const gone = { ...seen('a', answer(1, 1, ['meydan_rooms 2', 'meydan_queue_depth 4'])), silentSinceMs: 5_000 }
  const { processes, totals } = overview([gone], 0)
  expect(processes[0]).toMatchObject({ name: 'node-1', roles: 'rooms', state: 'silent', silentSinceMs: 5_000 })
  expect(totals).toMatchObject({ rooms: 0, queued: 0 })
})
