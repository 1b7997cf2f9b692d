import { z } from 'zod'

/** What is asked of the players: so many rounds at the platform under `url`, after some that do not count. */
export const RoundsAsked = z.object({ url: z.string(), warmUp: z.number().int(), rounds: z.number().int() })
export type RoundsAsked = z.infer<typeof RoundsAsked>

/** For each round, ms from the third player's ask being sent to the last of the three having heard MATCH_FOUND. */
export const RoundsDone = z.object({ tookMs: z.array(z.number()) })
export type RoundsDone = z.infer<typeof RoundsDone>
