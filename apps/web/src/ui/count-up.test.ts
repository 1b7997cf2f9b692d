import { expect, test } from 'vitest'
import { COUNT_UP_MS, countedUp } from './count-up.ts'

test('A9 a rating counts from the old value to the new one, either way, and stays there', () => {
  for (const [from, to] of [
    [1_500, 1_523],
    [1_523, 1_500],
  ] as const) {
    const way = [0, 0.25, 0.5, 1, 2].map((part) => countedUp(from, to, part * COUNT_UP_MS))
    expect([way[0], way[3], way[4]]).toEqual([from, to, to])
    expect(way).toEqual(way.toSorted((a, b) => (to - from) * (a - b)))
  }
})
