import { FIRE } from '@meydan/games/arena'
import { expect, test } from 'vitest'
import { factsOf } from './facts.ts'

const kill = (killer: number, victim: number, weapon: number = FIRE.bolt) => ({ killer, victim, weapon, atMs: 0 })
const nameOf = (seat: number): string => `P${seat}`

test('A9 nothing is told of a match in which nothing happened twice', () => {
  expect(factsOf([], 0, nameOf)).toEqual([])
  expect(factsOf([kill(0, 1), kill(2, 0)], 0, nameOf)).toEqual([])
})

test('A9 a streak ends with a fall, and the longest one counts', () => {
  const kills = [kill(0, 1), kill(1, 0), kill(0, 1), kill(0, 2), kill(2, 1), kill(0, 3), kill(3, 0), kill(0, 1)]
  expect(factsOf(kills, 0, nameOf)).toContainEqual({ what: 'streak', count: 3 })
})

test('A9 whom one felled most, by whom one was felled most, and with what', () => {
  const kills = [kill(0, 1), kill(0, 1, FIRE.scatter), kill(3, 0), kill(3, 0), kill(0, 2, FIRE.scatter), kill(1, 2)]
  expect(factsOf(kills, 0, nameOf).slice(1)).toEqual([
    { what: 'prey', name: 'P1', count: 2 },
    { what: 'nemesis', name: 'P3', count: 2 },
    { what: 'weapon', weapon: FIRE.scatter, count: 2, all: 3 },
  ])
})
