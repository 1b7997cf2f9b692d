import { expect, test } from 'vitest'
import { BOT_NAMES, namesFor, SKILL_MAX, SKILL_MIN, skillFor } from './rules.ts'

test('B6 bots fit the people they play with', () => {
  expect(skillFor(undefined)).toBe(0.5)
  expect(skillFor(-1e9)).toBe(SKILL_MIN)
  expect(skillFor(1e9)).toBeCloseTo(SKILL_MAX)
  expect(skillFor(1_200)).toBeGreaterThan(skillFor(900))
})

test('B6 no two bots of a room share a name', () => {
  expect(new Set(namesFor(20, 5)).size).toBe(20)
  expect(namesFor(1, 0)).toEqual([BOT_NAMES[0]])
})
