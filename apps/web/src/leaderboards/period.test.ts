import { expect, test } from 'vitest'
import { nextStartMs } from './period.ts'

const next = (period: 'daily' | 'weekly' | 'all', now: string) => {
  const at = nextStartMs(period, Date.parse(now))
  return at === undefined ? undefined : new Date(at).toISOString()
}

test('A9 a board begins anew with the UTC day, or on Monday', () => {
  expect(next('daily', '2026-11-21T11:30:00Z')).toBe('2026-11-22T00:00:00.000Z')
  expect(next('daily', '2026-12-31T23:59:59Z')).toBe('2027-01-01T00:00:00.000Z')
  expect(next('weekly', '2026-11-21T11:30:00Z')).toBe('2026-11-23T00:00:00.000Z')
  expect(next('weekly', '2026-11-23T00:00:00Z')).toBe('2026-11-30T00:00:00.000Z')
  expect(next('weekly', '2026-11-22T23:59:00Z')).toBe('2026-11-23T00:00:00.000Z')
  expect(next('all', '2026-11-21T11:30:00Z')).toBeUndefined()
})
