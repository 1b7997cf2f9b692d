import { expect, test } from 'vitest'
import { BOT_NAMES, namesFor, SKILL_MAX, SKILL_MIN, skillFor } from './rules.ts'

test('B6 bots fit the people they play with', () => {
  expect(skillFor(undefined)).toBe(0.5)
  expect(skillFor(-1e9)).toBe(SKILL_MIN)
  expect(skillFor(1e9)).toBeCloseTo(SKILL_MAX)
  expect(skillFor(1_200)).toBeGreaterThan(skillFor(900))
})

test('B1 B6 no two bots of a room share a name, with those it has already', () => {
  const taken = BOT_NAMES.slice(3)
  expect(namesFor(3, () => 0.99, taken).toSorted()).toEqual(BOT_NAMES.slice(0, 3).toSorted())
  expect(new Set([...taken, ...namesFor(40, Math.random, taken)]).size).toBe(taken.length + 40)
  expect(namesFor(-1, Math.random)).toEqual([])
})

test('B1 which names a room gets is left to chance', () => {
  expect(namesFor(1, () => 0)).toEqual([BOT_NAMES[0]])
  expect(namesFor(1, () => 0.999)).toEqual([BOT_NAMES.at(-1)])
})
