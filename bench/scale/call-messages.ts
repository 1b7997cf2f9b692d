import { z } from 'zod'

/** What the processes of the calls say to each other over IPC. */

/** Given to both at their start: `ServiceKeys` as JSON. */
export const ServiceKeysGiven = z.object({
  signing: z.looseObject({ kty: z.string() }),
  accepted: z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }),
})

/** So many calls of one kind, so many of them at once. `address` is a mesh's; without one the process calls itself. */
export const CallsAsked = z.object({
  call: z.enum(['echo', 'players.get']),
  address: z.string().nullable(),
  playerId: z.string(),
  calls: z.int(),
  atOnce: z.int(),
})
export type CallsAsked = z.infer<typeof CallsAsked>

export const CallsDone = z.object({ p50Us: z.number(), p99Us: z.number() })
export type CallsDone = z.infer<typeof CallsDone>

/** Answers `'address'`: where the mesh of this process is. */
export const Where = z.object({ address: z.string() })
