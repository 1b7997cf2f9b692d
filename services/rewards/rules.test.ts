import { OperatorError } from '@meydan/kernel/config'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boosted, EXPERIENCE_MAX, experienceAt, LEVEL_MAX, levelOf, levelView, streakView } from './rules.ts'
import { TYPES } from './tests/types.ts'
import { checkRewardTypes, parseRewardTypes } from './types.ts'

describe('levels', () => {
  test('G5 a level begins exactly where its formula says, and none is above the last', () => {
    for (let level = 2; level <= LEVEL_MAX; level++) {
      expect([levelOf(experienceAt(level) - 1), levelOf(experienceAt(level))]).toEqual([level - 1, level])
    }
    expect([levelOf(0), levelOf(EXPERIENCE_MAX)]).toEqual([1, LEVEL_MAX])
    expect(levelView(EXPERIENCE_MAX).levelTo).toBeNull()
  })

  test('G5 experience lies in its level, and more of it never means less', () => {
    const points = fc.integer({ min: 0, max: 2 * experienceAt(LEVEL_MAX) })
    fc.assert(
      fc.property(points, points, (one, other) => {
        const { level, levelFrom, levelTo } = levelView(one)
        expect(levelFrom <= one && (levelTo === null || one < levelTo)).toBe(true)
        expect(other < one || levelOf(other) >= level).toBe(true)
      }),
    )
  })

  test('G5 what is gained is whole and never leads beyond what JSON can say', () => {
    expect(boosted(5, [1.5, 1.2], 0)).toBe(7)
    expect(boosted(5, [], EXPERIENCE_MAX - 3)).toBe(3)
  })
})

test('G6 a streak holds over yesterday, not over a missed day, and not over a clock that went back', () => {
  const noon = Date.UTC(2026, 10, 18, 12)
  const days = (on: string) => streakView({ days: 3, on }, noon)
  expect([days('2026-11-16').days, days('2026-11-17').days, days('2026-11-18').days]).toEqual([0, 3, 3])
  expect(days('2026-11-19')).toMatchObject({ days: 3, claimedToday: true })
  expect(streakView({ days: 0, on: null }, noon)).toMatchObject({
    days: 0,
    claimedToday: false,
    nextAt: '2026-11-18T12:00:00.000Z',
  })
})

describe('types', () => {
  test('G1 types are read from one line', () => {
    expect([...parseRewardTypes(' coins=currency, double-xp=booster:1.5 ')]).toEqual([
      ['coins', { kind: 'currency', factor: null }],
      ['double-xp', { kind: 'booster', factor: 1.5 }],
    ])
  })

  test('G1 what cannot be read says which entry it is', () => {
    for (const text of [
      '',
      'coins',
      'coins=money',
      'Coins=item',
      '=item',
      'x=booster',
      'x=booster:1',
      'x=booster:11',
      'a=item,a=item',
    ]) {
      expect(() => parseRewardTypes(text), text).toThrow(RangeError)
    }
  })

  test('G1 currencies are the wallet’s, and what the platform gives is named', () => {
    const currencies = new Set(['coins', 'gems'])
    checkRewardTypes(parseRewardTypes(TYPES), currencies)
    expect(() => checkRewardTypes(parseRewardTypes(`${TYPES},gold=currency`), currencies)).toThrow(OperatorError)
    expect(() => checkRewardTypes(parseRewardTypes('coins=currency'), currencies)).toThrow(/is given by/)
  })
})
