import type { Outcome, Standing } from '@meydan/contracts/core'
import { type ArenaState, type Avatar, isPresent, LIFE, PHASE } from './state.ts'

/**
 * Every seat that ever joined, best first: the higher score is better, the same score shares a rank, and whoever left comes
 * after everybody who stayed.
 */
export function rankings(state: ArenaState): Standing[] {
  const joined = state.avatars.flatMap((avatar, seat) => (avatar.life === LIFE.absent ? [] : [{ seat, avatar }]))
  return joined
    .map(({ seat, avatar }) => ({
      seat,
      rank: 1 + joined.filter((other) => isBetter(other.avatar, avatar)).length,
      score: avatar.score,
    }))
    .sort((one, other) => one.rank - other.rank || one.seat - other.seat)
}

function isBetter(one: Avatar, other: Avatar): boolean {
  if (isPresent(one) !== isPresent(other)) return isPresent(one)
  return one.score > other.score
}

/** Null while the match goes on. */
export function outcomeOf(state: ArenaState): Outcome | null {
  if (state.phase !== PHASE.over) return null
  return { standings: rankings(state), reason: state.reason }
}
