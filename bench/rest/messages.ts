import { z } from 'zod'

/** What the processes of this benchmark say to each other. */

/** Given to both servers at their start. */
export const ServerSetup = z.object({
  postgresUrl: z.string(),
  keys: z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }),
})

/** Of a server, whenever it is asked: where it is and how much of its core it has used, µs. */
export const ServerState = z.object({ url: z.string(), cpuUs: z.object({ user: z.number(), system: z.number() }) })

/** What the load is asked for: so many connections, each sending when its last answer has come, for so long or so often. */
export const LoadAsked = z.object({
  url: z.string(),
  token: z.string(),
  connections: z.number(),
  until: z.union([z.object({ seconds: z.number() }), z.object({ requests: z.number() })]),
})
export type LoadAsked = z.infer<typeof LoadAsked>

/** What became of it; `corePart` is how much of its own core the load used. */
export const LoadDone = z.object({
  requests: z.number(),
  perS: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  corePart: z.number(),
})
export type LoadDone = z.infer<typeof LoadDone>
