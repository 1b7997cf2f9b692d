import { z } from 'zod'
import { CONTESTANTS } from './contestants.ts'

/** What the processes of the benchmark say to each other over IPC, one answer for one message. */

const names = Object.keys(CONTESTANTS)
export const ContestantName = z.custom<keyof typeof CONTESTANTS>((value) => names.includes(String(value)))

/** A seat somebody can take: where its socket connects, the room it asks for, and as whom. */
export const Seat = z.object({ path: z.string(), roomId: z.string(), playerId: z.string() })
export type Seat = z.infer<typeof Seat>

export const ServerSetup = z.object({ contestant: ContestantName, entities: z.int() })
export const ServerAsked = z.discriminatedUnion('ask', [
  z.object({ ask: z.literal('open'), rooms: z.int() }),
  z.object({ ask: z.literal('begin') }),
  z.object({ ask: z.literal('end') }),
])
export const Opened = z.object({ port: z.int(), seats: z.array(Seat) })

const Lateness = z.object({
  ticks: z.int(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
  missed: z.int(),
})
export const ServerMeasured = z.object({
  lateness: Lateness,
  cpuMs: z.number(),
  wallMs: z.number(),
})

export const LoadAsked = z.discriminatedUnion('ask', [
  z.object({
    ask: z.literal('connect'),
    contestant: ContestantName,
    port: z.int(),
    seats: z.array(Seat),
    inputEveryMs: z.number(),
  }),
  z.object({ ask: z.literal('begin') }),
  z.object({ ask: z.literal('end') }),
])
export const LoadMeasured = z.object({
  frames: z.int(),
  bytes: z.int(),
  inputs: z.int(),
  cpuMs: z.number(),
  wallMs: z.number(),
})
export type LoadMeasured = z.infer<typeof LoadMeasured>
