import type { Match } from '@meydan/contracts/matches'

export type Placing = Match['placings'][number]

/** Undefined for who was not in the match. */
export function placingOf(match: Match, playerId: string | undefined): Placing | undefined {
  return match.placings.find((placing) => placing.playerId === playerId && !placing.bot)
}

/** The people of a match besides the player, by their places. */
export function othersIn(match: Match, playerId: string | undefined): Placing[] {
  return match.placings.filter((placing) => !placing.bot && placing.playerId !== playerId)
}

/** By how much the shown ratings differ; null where there is none. What is shown is rounded, and so has to be the difference. */
export function ratingChange({ ratingBefore, ratingAfter }: Placing): number | null {
  return ratingBefore === null || ratingAfter === null ? null : Math.round(ratingAfter) - Math.round(ratingBefore)
}

/** `2:58`, from an hour on `1:02:03`. */
export function lengthOf({ startedAt, endedAt }: Pick<Match, 'startedAt' | 'endedAt'>): string {
  const seconds = Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000))
  const two = (n: number): string => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
