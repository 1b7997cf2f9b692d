import type { Period } from '@meydan/contracts/leaderboards'

const DAY_MS = 86_400_000
const MONDAY = 1

/** When the board of a period begins anew: UTC days, ISO weeks. Undefined for all time. */
export function nextStartMs(period: Period, nowMs: number): number | undefined {
  if (period === 'all') return undefined
  const todayMs = Math.floor(nowMs / DAY_MS) * DAY_MS
  if (period === 'daily') return todayMs + DAY_MS
  const daysLeft = (MONDAY - new Date(todayMs).getUTCDay() + 7) % 7 || 7
  return todayMs + daysLeft * DAY_MS
}
