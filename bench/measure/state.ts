import { z } from 'zod'

/** What a server says of its own process, from inside (`inside.ts`). */
export const ProcessState = z.object({
  rssBytes: z.number(),
  heapUsedBytes: z.number(),
  /** Time of all its threads since it began. */
  cpuUs: z.number(),
  openFiles: z.number(),
  /** What the system lets it open; null where the system does not say. */
  openFilesMax: z.number().nullable(),
  /** Of the event loop, since it was asked last. */
  loopDelayMaxMs: z.number(),
})
export type ProcessState = z.infer<typeof ProcessState>

/** `state` asks as things are; `collect` collects garbage before. */
export const StateAsked = z.enum(['state', 'collect'])
export type StateAsked = z.infer<typeof StateAsked>
