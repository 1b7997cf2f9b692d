import type { Streak } from '@meydan/contracts/rewards'

export interface Day {
  /** Of the days in a row, from 1. */
  readonly day: number
  readonly state: 'claimed' | 'open' | 'ahead'
}

const WEEK = 7

/** The seven days in which the next claim falls, or the last one when today's is made. */
export function streakRow({ days, claimedToday }: Pick<Streak, 'days' | 'claimedToday'>): Day[] {
  const today = claimedToday ? days : days + 1
  const first = today - ((today - 1) % WEEK)
  const stateOf = (day: number): Day['state'] =>
    day <= days ? 'claimed' : day === today && !claimedToday ? 'open' : 'ahead'
  return Array.from({ length: WEEK }, (_, index) => ({ day: first + index, state: stateOf(first + index) }))
}
