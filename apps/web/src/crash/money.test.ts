import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bounded, hundredthsOf, typedOf } from './money.ts'

test('D1 what is typed is whole hundredths, exactly', () => {
  expect(['0.29', '1.1', '12,5', '7', ' 3. ', '0'].map(hundredthsOf)).toEqual([29, 110, 1_250, 700, 300, 0])
  expect(['', '.', '-1', '1e3', '1.234', 'NaN', '1 000', '٣', '12345678901'].map(hundredthsOf)).toEqual(
    Array.from({ length: 9 }, () => null),
  )
})

test('D1 what is shown can be typed back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (amount) => hundredthsOf(typedOf(amount)) === amount),
  )
})

test('D1 half, double and most stay between the smallest bet and what there is', () => {
  const bounds = { betMin: 100, betMax: 10_000, balance: 700 }
  expect([50, 300, 1_000].map((wished) => bounded(wished, bounds))).toEqual([100, 300, 700])
  expect(bounded(50_000, { ...bounds, balance: undefined })).toBe(10_000)
  // Who has less than the smallest bet is told so when betting; the field shows what a bet would be.
  expect(bounded(50, { ...bounds, balance: 30 })).toBe(100)
})
