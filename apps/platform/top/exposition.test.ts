import { createMetrics } from '@meydan/kernel/telemetry'
import { expect, test } from 'vitest'
import { bucketsOf, parseExposition, quantileBetween, sumOf } from './exposition.ts'

const BOUNDS = [0.001, 0.002, 0.004] as const

/** A process's histogram after it has observed these. */
async function observed(...values: readonly number[]) {
  const metrics = createMetrics()
  const observe = metrics.histogram('meydan_late_seconds', 'Late', BOUNDS)
  for (const value of values) observe(value)
  return bucketsOf(parseExposition(await metrics.text()), 'meydan_late_seconds')
}

test('C10 what the platform exports is read back, whatever stands in a label', async () => {
  const metrics = createMetrics({ process: true })
  metrics.counter('meydan_calls_total', 'Calls', ['call', 'code'])(2, { call: 'say "hi"}\\', code: 'OK' })
  metrics.counter('meydan_calls_total', 'Calls', ['call', 'code'])(3, { call: 'a.b', code: 'INTERNAL' })
  metrics.gauge('meydan_lag_seconds', 'Lag')(Number.POSITIVE_INFINITY)
  const samples = parseExposition(await metrics.text())
  expect(samples).toContainEqual({
    name: 'meydan_calls_total',
    labels: { call: 'say "hi"}\\', code: 'OK' },
    value: 2,
  })
  expect(sumOf(samples, 'meydan_calls_total')).toBe(5)
  expect(sumOf(samples, 'meydan_calls_total', ({ code }) => code !== 'OK')).toBe(3)
  expect(sumOf(samples, 'meydan_lag_seconds')).toBe(Number.POSITIVE_INFINITY)
  expect(sumOf(samples, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000)
  expect(sumOf(samples, 'meydan_nothing')).toBeUndefined()
})

test('C10 a quantile is of what was observed between two looks, spread evenly within its bucket', async () => {
  const before = await observed(9, 9, 9)
  const now = await observed(9, 9, 9, 0.0015, 0.0015, 0.0015, 0.0015)
  expect(quantileBetween(0.5, before, now)).toBeCloseTo(0.0015, 6)
  expect(quantileBetween(1, before, now)).toBeCloseTo(0.002, 6)
})

test('C10 above the last bound it is that bound, and without observations there is none', async () => {
  const [none, some] = [await observed(), await observed(9)]
  expect(quantileBetween(0.99, none, some)).toBe(0.004)
  expect(quantileBetween(0.99, some, some)).toBeUndefined()
})
