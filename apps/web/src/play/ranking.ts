import type { Match } from '@meydan/contracts/matches'
import type { Line } from '../stage.ts'

/**
 * Lines with their ranks, best first. The stored match decides, with what the room showed beside it; until it is there, the
 * room's scores do: equal scores share a rank.
 */
export function rankedLines(
  shown: readonly Line[],
  match: Pick<Match, 'placings'> | null,
): readonly { readonly rank: number; readonly line: Line }[] {
  if (match) {
    return match.placings
      .map(({ rank, playerId, name, score }) => ({
        rank,
        line: { ...shown.find((line) => line.playerId === playerId), playerId, name, score },
      }))
      .sort((a, b) => a.rank - b.rank)
  }
  return shown
    .map((line) => ({ rank: 1 + shown.filter((other) => other.score > line.score).length, line }))
    .sort((a, b) => a.rank - b.rank)
}
