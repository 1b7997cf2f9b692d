import { z } from 'zod'
import { Id } from '../core/index.ts'
import { CallId } from './up.ts'

export const FaultFrame = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
  traceId: z.string().optional(),
})

/** By topic, the number of its last event: later ones will be told. */
export const Positions = z.record(z.string(), z.int())

/** What a `watch` and a `renew` are answered with (in `out`): where the topics are that the session watches. */
export const Watched = z.object({ topics: Positions })

/** Answers `hello` and `resume`. */
export const Welcome = z.object({
  hello: z.object({
    session: z.string().describe('secret; whoever has it can resume the session'),
    playerId: Id.nullable(),
    /**
     * True: the missed events follow, in the earlier session or in a new one, whose rooms have to be joined again. False: a new one; read
     * state afresh.
     */
    resumed: z.boolean(),
    topics: Positions.optional().describe('where the topics are that a session which was not resumed watches'),
    heartbeatMs: z.int().describe('the server pings this often at the WebSocket level; so may the client'),
    timeMs: z.number().describe("the server's wall clock"),
  }),
})

export const Answer = z.object({ id: CallId, out: z.unknown() })
/** Without `id`: about a frame whose id could not be read. */
export const ErrorAnswer = z.object({ id: CallId.optional(), error: FaultFrame })

/** One event of a topic. `seq` is the topic's own sequence: a gap means something was missed and should be read. */
export const EventFrame = z.object({ seq: z.int(), event: z.string(), topic: z.string(), data: z.unknown() })

export const Pong = z.object({ pong: z.number(), timeMs: z.number() })

/** What a `join` is answered with (in `out`). */
export const Joined = z.object({
  handle: z.int().min(0).max(0xffff).describe('stands for the room in binary frames'),
  roomId: Id,
  game: z.string(),
  gameVersion: z.int(),
  seat: z.int(),
  tick: z.int(),
  tickMs: z.number(),
  sendEveryTicks: z.int(),
  eventSeq: z.int().default(-1).describe("number of the room's newest event; −1 before the first"),
  seats: z.array(z.object({ index: z.int(), playerId: Id, name: z.string(), bot: z.boolean() })),
})
export type Joined = z.infer<typeof Joined>

/** What a `spectate` is answered with. */
export const Watching = Joined.extend({ seat: z.null() })
export type Watching = z.infer<typeof Watching>

/** In a room, with a seat or without. */
export const Entered = z.union([Joined, Watching])
export type Entered = z.infer<typeof Entered>

export const DownFrame = z.union([EventFrame, Answer, ErrorAnswer, Pong, Welcome])
export type DownFrame = z.infer<typeof DownFrame>
