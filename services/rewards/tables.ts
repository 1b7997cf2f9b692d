import type { Reward } from '@meydan/contracts/rewards'

/**
 * What the platform gives by itself; an installation that wants something else changes it here. Coins are in minor units. Types must be among
 * MEYDAN_REWARD_TYPES.
 */

/** For the first day in a row, the second …; the last line holds for all days after it. */
export const DAILY: readonly [readonly Reward[], ...(readonly Reward[])[]] = [
  [{ type: 'coins', amount: 1_000 }],
  [{ type: 'coins', amount: 1_500 }],
  [{ type: 'coins', amount: 2_000 }],
  [
    { type: 'coins', amount: 2_500 },
    { type: 'xp', amount: 50 },
  ],
  [{ type: 'coins', amount: 3_000 }],
  [{ type: 'coins', amount: 4_000 }],
  [
    { type: 'coins', amount: 5_000 },
    { type: 'gems', amount: 5 },
    { type: 'chest', amount: 1 },
  ],
]

/** For the first of a match, the second …; the last line holds for everybody after. */
export const MATCH: readonly [readonly Reward[], ...(readonly Reward[])[]] = [
  [
    { type: 'xp', amount: 100 },
    { type: 'coins', amount: 500 },
  ],
  [
    { type: 'xp', amount: 60 },
    { type: 'coins', amount: 250 },
  ],
  [
    { type: 'xp', amount: 40 },
    { type: 'coins', amount: 100 },
  ],
  [{ type: 'xp', amount: 20 }],
]
