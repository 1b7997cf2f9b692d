import { ordinal, rate } from 'openskill'

/** Openskill's belief about a player: mean and uncertainty. */
export interface Skill {
  readonly mu: number
  readonly sigma: number
}

/** Where everybody begins (openskill's own defaults: 25 and 25/3). */
export const NEWCOMER: Skill = { mu: 25, sigma: 25 / 3 }
/** A bot's skill is known well, so its uncertainty is small. */
export const BOT: Skill = { mu: 25, sigma: 2 }

const SHOWN_BASE = 1_000
const SHOWN_PER_POINT = 20

/**
 * What players see: 1,000 for a newcomer, and 20 for each point of openskill's ordinal (mu − 3·sigma, which is 0 for a
 * newcomer). It rises while the system grows surer, and with wins.
 */
export function shownRating(skill: Skill): number {
  return SHOWN_BASE + SHOWN_PER_POINT * ordinal(skill)
}

export interface Placed {
  readonly rank: number
  readonly skill: Skill
}

/** Everybody's new skill, in their order: each for himself, equal ranks are draws (Plackett–Luce, openskill's default). */
export function rated(placed: readonly Placed[]): Skill[] {
  if (placed.length < 2) return placed.map(({ skill }) => skill)
  const teams = placed.map(({ skill }) => [{ mu: skill.mu, sigma: skill.sigma }])
  const after = rate(teams, { rank: placed.map(({ rank }) => rank) })
  return placed.map(({ skill }, index) => after[index]?.[0] ?? skill)
}
