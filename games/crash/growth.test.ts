import fc from 'fast-check'
import { expect, test } from 'vitest'
import { multiplierAt, reachedAtMs } from './index.ts'

const HOUR_MS = 3_600_000

test('D1 C2 a round doubles in 11.552 s and is at ten times its start after 38.376 s', () => {
  expect([multiplierAt(0), multiplierAt(11_552), multiplierAt(11_553)]).toEqual([100, 199, 200])
  expect([reachedAtMs(100), reachedAtMs(200), reachedAtMs(1_000)]).toEqual([0, 11_553, 38_377])
})

test('C2 the first ms of a multiplier reaches it, and the one before does not', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: Number.MAX_SAFE_INTEGER }), (multiplier) => {
      const ms = reachedAtMs(multiplier)
      expect(multiplierAt(ms)).toBeGreaterThanOrEqual(multiplier)
      if (ms > 0) expect(multiplierAt(ms - 1)).toBeLessThan(multiplier)
    }),
  )
})

test('C2 it never falls', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: HOUR_MS }), (ms) => {
      expect(multiplierAt(ms + 1)).toBeGreaterThanOrEqual(multiplierAt(ms))
    }),
  )
})
