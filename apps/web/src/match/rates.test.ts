import { expect, test } from 'vitest'
import { Rates } from './rates.ts'

test('A13 snapshots a second are those of the last two seconds, and none after a silence', () => {
  const rates = new Rates()
  for (let atMs = 0; atMs < 5_000; atMs += 30) rates.heard(atMs, 60)
  expect(rates.perSecond(4_990)).toBeCloseTo(1_000 / 30, 0)
  expect(rates.delayMs).toBe(60)
  expect(rates.perSecond(6_000)).toBeCloseTo(1_000 / 60, 0)
  expect(rates.perSecond(9_000)).toBe(0)
})
