import { z } from 'zod'

/** What is asked while the time is measured: a gift of that type to one player after the other, or what such a player has. */
export const Kind = z.enum(['chest', 'xp', 'coins', 'read'])
export type Kind = z.infer<typeof Kind>

export const Asked = z.object({
  url: z.string(),
  admin: z.string(),
  player: z.string(),
  kinds: z.array(Kind).min(1),
  /** Players 1 to this are given something. */
  players: z.int(),
  /** So many at once, each after the last one's answer; or one each so many ms, whatever became of those before. */
  pace: z.union([z.object({ inFlight: z.int() }), z.object({ everyMs: z.number() })]),
  /** How long; or `stop` ends it. */
  seconds: z.number(),
})
export type Asked = z.input<typeof Asked>

export const Done = z.object({ tookMs: z.number(), eachMs: z.array(z.number()) })
export type Done = z.infer<typeof Done>
