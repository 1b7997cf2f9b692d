import { IdentityKeys } from '@meydan/services/identity'
import { z } from 'zod'

/** What is asked of the players, one after the other. */
export const PlayersAsked = z.discriminatedUnion('ask', [
  /** So many players connect, take play money and watch the lobby; `ticks`: where it is as well, each tick. */
  z.object({
    ask: z.literal('enter'),
    port: z.int(),
    keys: IdentityKeys,
    first: z.int(),
    count: z.int(),
    ticks: z.boolean(),
  }),
  /** Each bets in so many rounds, at some moment of the time for it, and takes its winnings at one of its own, by hand or by itself. */
  z.object({ ask: z.literal('play'), rounds: z.int(), warmUp: z.int() }),
])
export type PlayersAsked = z.infer<typeof PlayersAsked>

/** From a call being sent to its answer, ms. */
const Times = z.array(z.number())
export const RoundsPlayed = z.object({
  betMs: Times,
  cashOutMs: Times,
  /** Why and how often a call was refused: TOO_LATE is the game. */
  refused: z.record(z.string(), z.int()),
  multipliers: z.array(z.int()),
  frames: z.int(),
  /** How late the load's own event loop was at most, ms: what it waited for the server no longer than that may be its own. */
  loadDelayMaxMs: z.number(),
})
export type RoundsPlayed = z.infer<typeof RoundsPlayed>
