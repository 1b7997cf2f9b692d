import { expect, test } from 'vitest'
import { startOf, windowAround } from './rules.ts'

test('A9 days begin at midnight UTC, weeks on Monday', () => {
  const sunday = Date.UTC(2026, 10, 22, 23, 59)
  expect(startOf('daily', sunday)).toBe('2026-11-22')
  expect(startOf('weekly', sunday)).toBe('2026-11-16')
  expect(startOf('weekly', sunday + 60_000)).toBe('2026-11-23')
  expect(startOf('all', sunday)).toBe('1970-01-01')
})

test('A9 the lines around a player stay on the board', () => {
  expect(windowAround(0, 5, 100)).toEqual({ from: 0, to: 4 })
  expect(windowAround(50, 5, 100)).toEqual({ from: 48, to: 52 })
  expect(windowAround(99, 5, 100)).toEqual({ from: 95, to: 99 })
  expect(windowAround(1, 5, 2)).toEqual({ from: 0, to: 1 })
})
