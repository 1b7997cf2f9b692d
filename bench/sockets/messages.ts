import { IdentityKeys } from '@meydan/services/identity'
import { z } from 'zod'

/** What the processes with the clients are told, one answer for one message. */
export const ClientsAsked = z.union([
  z.object({
    open: z.object({
      port: z.int(),
      count: z.int(),
      /** Connections that are on their way to their welcome at once. */
      inFlight: z.int(),
      /** With these keys each client is a player of its own; null: nobody in particular. */
      keys: IdentityKeys.nullable(),
      /** The first player's number; no two clients of a benchmark share one. */
      first: z.int(),
      /** Whether a socket stays when it has its welcome. */
      keep: z.boolean(),
    }),
  }),
  /** How those that stayed are. */
  z.literal('count'),
  z.literal('close'),
])
export type ClientsAsked = z.infer<typeof ClientsAsked>
export type OpenAsked = Extract<ClientsAsked, { open: object }>['open']

/** From the first connection being begun to the last welcome, and for each from its beginning to its welcome. */
export const Opened = z.object({
  tookMs: z.number(),
  welcomeMs: z.array(z.number()),
  /** Of the clients' own processes in that time. */
  cpuUs: z.number(),
})
export type Opened = z.infer<typeof Opened>

export const Counted = z.object({ open: z.int(), pings: z.int(), gone: z.array(z.string()) })
export type Counted = z.infer<typeof Counted>
