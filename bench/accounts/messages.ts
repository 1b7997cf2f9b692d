import { z } from 'zod'

/** What is measured, in this order: who signs in has registered before. */
export const KINDS = ['guest', 'register device', 'log in device', 'register password', 'log in password'] as const
export type Kind = (typeof KINDS)[number]

export const EntriesAsked = z.object({
  url: z.string(),
  kind: z.enum(KINDS),
  /** Requests that are open at once. */
  inFlight: z.int(),
  seconds: z.number(),
})
export type EntriesAsked = z.infer<typeof EntriesAsked>

export const EntriesDone = z.object({ count: z.int(), tookMs: z.number(), eachMs: z.array(z.number()) })
export type EntriesDone = z.infer<typeof EntriesDone>
