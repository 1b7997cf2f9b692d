import type { Period } from '@meydan/contracts/leaderboards'

export const PERIODS: readonly Period[] = ['daily', 'weekly', 'all']
const DAY_MS = 86_400_000
const MONDAY = 1
const DAYS_PER_WEEK = 7
/** The one "day" of the board of all time. */
const EPOCH = '1970-01-01'

/** The UTC date (`2026-11-20`) on which the period that holds this moment began; ISO weeks begin on Monday. */
export function startOf(period: Period, atMs: number): string {
  if (period === 'all') return EPOCH
  const day = new Date(atMs).getUTCDay()
  const back = period === 'weekly' ? (day - MONDAY + DAYS_PER_WEEK) % DAYS_PER_WEEK : 0
  return new Date(atMs - back * DAY_MS).toISOString().slice(0, EPOCH.length)
}

/** The places to show around one: `limit` lines, the player's own in the middle where that is possible. Zero-based, both included. */
export function windowAround(place: number, limit: number, size: number): { from: number; to: number } {
  const from = Math.max(0, Math.min(place - Math.floor(limit / 2), size - limit))
  return { from, to: Math.min(size, from + limit) - 1 }
}
