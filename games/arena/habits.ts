import { clamp } from './geometry.ts'
import type { ArenaState } from './state.ts'

/** What skill changes, from the clumsiest (0) to the best (1). The best still misses: a shot can be dodged. */
export interface Habits {
  /** How far off its aim may be, either way, in aim steps. */
  readonly spread: number
  /** How much of a target's movement it allows for. */
  readonly lead: number
  /** The chance to go on as before instead of reacting. */
  readonly dawdle: number
  /** The chance to pull the trigger with a target in sight. */
  readonly trigger: number
  /** The chance to see a shot coming. */
  readonly alert: number
  /** The chance to take the weapon that serves, instead of either. */
  readonly choice: number
  /** How random its steps are. */
  readonly wander: number
}

export function habitsOf(skill: number): Habits {
  const between = (clumsy: number, best: number) => clumsy + (best - clumsy) * skill
  return {
    spread: between(63, 23),
    lead: between(0.4, 0.9),
    dawdle: between(0.36, 0.14),
    trigger: between(0.65, 0.9),
    alert: between(0.2, 0.7),
    choice: between(0.1, 0.9),
    wander: between(0.84, 0.46),
  }
}

/** How much better or worse than its skill a bot may be in one match. */
const FORM = 0.5

/**
 * The skill a bot plays this match with: everybody has good days and bad ones, so the better bot usually wins, not always.
 * A bot remembers nothing, so its form follows from its seat and from what the match drew when it was made.
 */
export function formOf(state: ArenaState, seat: number, skill: number): number {
  let mixed = seat + 1
  for (const drawn of state.spawnOrder) mixed = Math.imul(mixed ^ (mixed >>> 15) ^ drawn, 0x2c1b3c6d) + 0x9e3779b1
  const luck = ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 31 - 1
  return clamp(skill + luck * FORM, 0, 1)
}
