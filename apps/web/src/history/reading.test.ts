import type { Match } from '@meydan/contracts/matches'
import { expect, test } from 'vitest'
import { lengthOf, othersIn, placingOf, ratingChange } from './reading.ts'

const placing = (playerId: string, more: object = {}) => ({
  playerId,
  name: playerId,
  bot: false,
  rank: 1,
  score: 0,
  ratingBefore: 1_000,
  ratingAfter: 1_012,
  ...more,
})
const match: Match = {
  matchId: '1',
  game: 'arena',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:03:00.400Z',
  reason: 'time',
  placings: [placing('7'), placing('90', { bot: true }), placing('8')],
}

test('A7 the own placing and the people one played with are told from bots', () => {
  expect(placingOf(match, '7')?.playerId).toBe('7')
  expect(placingOf(match, '90')).toBeUndefined()
  expect(placingOf(match, undefined)).toBeUndefined()
  expect(othersIn(match, '7').map(({ playerId }) => playerId)).toEqual(['8'])
})

test('A7 a rating’s change is the difference of what is shown before and after', () => {
  expect(ratingChange(placing('7', { ratingBefore: 1_000.4, ratingAfter: 1_012.6 }))).toBe(13)
  expect(ratingChange(placing('7', { ratingBefore: 1_000.5, ratingAfter: 1_000.4 }))).toBe(-1)
  expect(ratingChange(placing('7', { ratingBefore: null, ratingAfter: null }))).toBeNull()
})

test('A7 a length is minutes and seconds, and hours when there are', () => {
  expect(lengthOf(match)).toBe('3:00')
  expect(lengthOf({ ...match, endedAt: '2026-01-01T01:02:03Z' })).toBe('1:02:03')
  expect(lengthOf({ ...match, endedAt: '2025-12-31T23:59:59Z' })).toBe('0:00')
})
