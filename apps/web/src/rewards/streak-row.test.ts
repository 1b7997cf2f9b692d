import { expect, test } from 'vitest'
import { streakRow } from './streak-row.ts'

const row = (days: number, claimedToday: boolean) =>
  streakRow({ days, claimedToday }).map(({ day, state }) => `${day} ${state}`)

test('B7 the row begins with the first day and goes on by weeks', () => {
  expect(row(0, false)).toEqual(['1 open', '2 ahead', '3 ahead', '4 ahead', '5 ahead', '6 ahead', '7 ahead'])
  expect(row(3, true).slice(1, 5)).toEqual(['2 claimed', '3 claimed', '4 ahead', '5 ahead'])
  expect(row(7, false)[0]).toBe('8 open')
})

test('B7 the seventh day is seen as claimed until the next can be', () => {
  expect(row(7, true)).toEqual(Array.from({ length: 7 }, (_, index) => `${index + 1} claimed`))
})
