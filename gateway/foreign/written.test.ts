import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Coefficient, Coins, coinsOf, LobbyNumber, SomeCoins } from './written.ts'

describe('D1 amounts', () => {
  test.each([
    [0.29, 29],
    [1.1, 110],
    ['1.1', 110],
    ['0.29', 29],
    [12.5, 1_250],
    ['12.50', 1_250],
    [1e3, 100_000],
    ['007', 700],
    [9_999_999_999_999.99, 999_999_999_999_999],
    [0, 0],
  ])('%s is %i hundredths', (written, hundredths) => {
    expect(Coins.parse(written)).toBe(hundredths)
  })

  test.each([
    '1e3',
    '1.005',
    0.1 + 0.2,
    1e-7,
    -1,
    '-1',
    -0.01,
    Number.NaN,
    'NaN',
    Number.POSITIVE_INFINITY,
    'Infinity',
    '1,5',
    '1.',
    '.5',
    '+5',
    ' 5',
    '5\n',
    '',
    '0x10',
    1e21,
    '99999999999999',
    true,
    [1],
    { amount: 1 },
  ])('%s is refused', (written) => {
    expect(Coins.safeParse(written).success).toBe(false)
  })

  test('what is missing is said to be', () => {
    expect(Coins.safeParse(undefined).error?.issues[0]?.message).toBe('is missing')
  })

  test('some coins are more than none', () => {
    expect(SomeCoins.safeParse('0.00').success).toBe(false)
    expect(SomeCoins.parse('0.01')).toBe(1)
  })

  test('what is told is what was written, for every amount there can be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (hundredths) => {
        expect(Coins.parse(coinsOf(hundredths))).toBe(hundredths)
        expect(Coins.parse(JSON.stringify(coinsOf(hundredths)))).toBe(hundredths)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('D2 coefficients and lobbies', () => {
  test.each([undefined, null, ''])('without a coefficient (%s) a bet waits for its withdrawal', (written) => {
    expect(Coefficient.parse(written)).toBeUndefined()
  })

  test.each([
    [1.01, 101],
    ['2', 200],
    [10_000, 1_000_000],
  ])('%s is a coefficient of %i hundredths', (written, hundredths) => {
    expect(Coefficient.parse(written)).toBe(hundredths)
  })

  test.each([1, 0, 1.001, 10_000.01, 'two'])('%s is no coefficient', (written) => {
    expect(Coefficient.safeParse(written).success).toBe(false)
  })

  test('a lobby is a whole number, also as text', () => {
    expect([LobbyNumber.parse(7), LobbyNumber.parse('7')]).toEqual([7, 7])
    for (const bad of [0, -1, 1.5, '1.5', 'x', '', 2 ** 31, '99999999999', undefined, null])
      expect(LobbyNumber.safeParse(bad).success).toBe(false)
  })
})
