import { expect, test } from 'vitest'
import { BOT, NEWCOMER, rated, shownRating } from './rules.ts'

test('R2 a newcomer is shown as 1,000', () => {
  expect(shownRating(NEWCOMER)).toBeCloseTo(1_000)
})

test('R2 winners rise above losers, and a draw treats both alike', () => {
  const [first, second, third] = rated([1, 2, 3].map((rank) => ({ rank, skill: NEWCOMER })))
  expect(first?.mu).toBeGreaterThan(second?.mu ?? 0)
  expect(second?.mu).toBeGreaterThan(third?.mu ?? 0)
  const draw = rated([1, 1].map((rank) => ({ rank, skill: NEWCOMER })))
  expect(draw[0]).toEqual(draw[1])
})

test('R2 the order of the standings changes nothing', () => {
  const [winner, loser] = rated([
    { rank: 1, skill: NEWCOMER },
    { rank: 2, skill: BOT },
  ])
  const [loserAgain, winnerAgain] = rated([
    { rank: 2, skill: BOT },
    { rank: 1, skill: NEWCOMER },
  ])
  expect(winnerAgain?.mu).toBeCloseTo(winner?.mu ?? 0)
  expect(loserAgain?.mu).toBeCloseTo(loser?.mu ?? 0)
})
