import { Audience } from '@meydan/contracts/rewards'
import { expect, test } from 'vitest'
import { BLANK, type Draft, minorOf, read } from './draft.ts'

const currencies = {
  kindOf: (type: string) => (type === 'coins' ? ('currency' as const) : ('item' as const)),
  decimalsOf: () => 2,
}
const filled: Draft = { ...BLANK, title: ' Spring ' }
const problemsOf = (draft: Partial<Draft>): string[] => {
  const found = read({ ...filled, ...draft }, currencies)
  return 'problems' in found ? [...found.problems] : []
}

test('B7 money is typed in coins, with a point or a comma, and never finer than its minor unit', () => {
  expect(minorOf('12', 2)).toBe(1_200)
  expect(minorOf(' 12.5 ', 2)).toBe(1_250)
  expect(minorOf('0,05', 2)).toBe(5)
  for (const bad of ['1.005', '', '-1', '1e3', '.5', '1.', 'ten']) expect(minorOf(bad, 2), bad).toBeNaN()
  expect(minorOf('1.5', 0)).toBeNaN()
})

test('B7 what was filled in becomes what is asked: coins in minor units, items in pieces, days in milliseconds', () => {
  const rewards = [
    { key: 1, type: 'coins', amount: '2.50' },
    { key: 2, type: 'chest', amount: '3' },
  ]
  expect(read({ ...filled, rewards, days: '2' }, currencies)).toEqual({
    asked: {
      title: 'Spring',
      text: '',
      rewards: [
        { type: 'coins', amount: 250 },
        { type: 'chest', amount: 3 },
      ],
      to: { everybody: true },
      expiresInMs: 172_800_000,
    },
  })
})

test('B7 each field that is wrong is named', () => {
  expect(problemsOf({ title: ' ' })).toEqual(['title'])
  expect(problemsOf({ title: 'x'.repeat(101) })).toEqual(['title'])
  expect(problemsOf({ text: 'x'.repeat(2_001) })).toEqual(['text'])
  expect(problemsOf({ days: '0' })).toEqual(['days'])
  expect(problemsOf({ rewards: [{ key: 7, type: 'chest', amount: '1.5' }] })).toEqual(['amount-7'])
  expect(problemsOf({ reach: 'players', playerIds: '12, x' })).toEqual(['playerIds'])
  expect(problemsOf({ reach: 'segment', levelMin: '5', levelMax: '4' })).toEqual(['levelMax'])
})

test('B7 an audience that was left blank is never everybody', () => {
  expect(problemsOf({ reach: 'segment' })).toEqual(['segment'])
  expect(problemsOf({ reach: 'players' })).toEqual(['playerIds'])
})

test('B7 every audience is one that the contract takes', () => {
  const audiences: Partial<Draft>[] = [
    { reach: 'everybody' },
    { reach: 'players', playerIds: '12 13,14\n15' },
    { reach: 'segment', levelMin: '2', joinedAfter: '2026-01-31' },
  ]
  for (const draft of audiences) {
    const found = read({ ...filled, ...draft }, currencies)
    expect('asked' in found && Audience.safeParse(found.asked.to).success, draft.reach).toBe(true)
  }
})
