import { z } from 'zod'
import { Id } from '../core/index.ts'

/** Chosen by the client, echoed in the answer; unique among the calls it has open. */
export const CallId = z.int().min(0).max(0xffffffff)

export const TopicName = z.string().regex(/^[a-z]+:[A-Za-z0-9_-]{1,64}$/, 'a topic is kind:name')

/** The first frame on a connection: begins a session. Without a token the session is anonymous. */
export const Hello = z.strictObject({ hello: z.strictObject({ token: z.string().max(4096).optional() }) })

/** What one session watches at most. */
export const TOPICS_PER_SESSION_MAX = 200

/** By topic, the number of the last event that the client has received, or was told of. */
const Positions = z
  .record(TopicName, z.int().min(0))
  .refine((topics) => Object.keys(topics).length <= TOPICS_PER_SESSION_MAX, 'too many topics')

/**
 * The first frame on a connection that takes over an earlier session. `seq` is how many event frames of that session the client has
 * received; the server replays those after it. One that does not have the session goes on from `topics`.
 */
export const Resume = z.strictObject({
  resume: z.strictObject({
    session: z.string().max(64),
    seq: z.int().min(0),
    topics: Positions.optional(),
    token: z.string().max(4096).optional(),
  }),
})

/** A fresh access token for the running session, for the same player. */
export const Renew = z.strictObject({ id: CallId, renew: z.strictObject({ token: z.string().max(4096) }) })

export const Call = z.strictObject({
  id: CallId,
  call: z.string().regex(/^[a-z][A-Za-z]{0,31}\.[a-z][A-Za-z]{0,31}$/, 'a call is contract.procedure'),
  in: z.unknown().optional(),
})

/** The number of the newest event of the room that the client has: it is told what came after it. */
const after = z.int().min(-1).optional()

/** Takes the caller's seat in a room; the answer is a `Joined`. */
export const Join = z.strictObject({ id: CallId, join: Id, after })
/** Watches a room without a seat in it; the answer is a `Watching`. */
export const Spectate = z.strictObject({ id: CallId, spectate: Id, after })
/** Stops room frames for a handle. A seat stays: giving it up is the call `rooms.leave`. Who watched watches no more. */
export const Part = z.strictObject({ id: CallId, part: z.int().min(0).max(0xffff) })

export const Watch = z.strictObject({ id: CallId, watch: TopicName })
export const Unwatch = z.strictObject({ id: CallId, unwatch: TopicName })

/** Any number the client likes comes back in a `pong`. */
export const Ping = z.strictObject({ ping: z.number() })

/** Every frame a client may send, by the key that names its kind. */
export const UP_FRAMES = {
  call: Call,
  ping: Ping,
  join: Join,
  spectate: Spectate,
  part: Part,
  watch: Watch,
  unwatch: Unwatch,
  renew: Renew,
  hello: Hello,
  resume: Resume,
} as const
export type UpFrame = z.infer<(typeof UP_FRAMES)[keyof typeof UP_FRAMES]>
