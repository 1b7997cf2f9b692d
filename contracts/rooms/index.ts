import { z } from 'zod'
import { command, contract, errors, event, Id, query, Timestamp } from '../core/index.ts'

const SeatAsk = z.strictObject({
  playerId: Id,
  name: z.string().max(32),
  bot: z.boolean(),
  skill: z.number().min(0).max(1).optional(),
})

export const roomsErrors = errors({
  ROOM_GONE: { status: 410, message: 'That room is over.' },
  ROOMS_FULL: { status: 503, message: 'There is no room for another match now.' },
  ROOM_MOVING: { status: 503, message: 'That room is changing hands.' },
  ROOM_FULL: { status: 409, message: 'That room has no free seat.' },
  NOT_SEATED: { status: 403, message: 'The player has no seat in that room.' },
  SEAT_GIVEN_UP: { status: 409, message: 'The player has left that room and may not come back to it.' },
  SEATED: { status: 409, message: 'Who has a seat in a room plays in it, and cannot watch it.' },
  NOT_WATCHABLE: { status: 403, message: 'Nobody may watch that game.' },
  AUDIENCE_FULL: { status: 409, message: 'No more people can watch that room.' },
  WATCHING_ONLY: { status: 403, message: 'Who watches a room cannot play in it.' },
  UNKNOWN_GAME: { status: 404, message: 'There is no game of that name here.' },
})

const Seated = z.object({ index: z.number().int(), playerId: Id, name: z.string(), bot: z.boolean() })
const Watching = z.number().int().min(0).describe('how many people watch')

/** The registry of rooms and their seats. Play itself goes over the socket's binary room frames. */
export const rooms = contract(
  'rooms',
  {
    open: command({
      summary: 'Start a room with these seats',
      auth: 'service',
      input: z.strictObject({
        roomId: Id.describe("the caller's id for the room; the same id twice opens one room"),
        game: z.string().max(32),
        seats: z.array(SeatAsk).min(1).max(64),
        options: z.record(z.string(), z.json()).optional(),
        seed: z.number().int().min(0).max(0xffffffff).optional(),
      }),
      output: z.object({ roomId: Id }),
      errors: ['UNKNOWN_GAME', 'ROOM_GONE', 'ROOMS_FULL'],
      idempotent: true,
    }),
    seat: command({
      summary: 'Seat one more player in a running room; a bot gives way when it is full',
      auth: 'service',
      input: z.strictObject({ roomId: Id, seat: SeatAsk }),
      output: z.object({ seat: z.number().int() }),
      errors: ['ROOM_GONE', 'ROOM_FULL', 'SEAT_GIVEN_UP'],
      idempotent: true,
    }),
    leave: command({
      summary: 'Give up the seat for good; the player may then ask for another game',
      auth: 'player',
      http: 'POST /v1/rooms/:roomId/leave',
      input: z.strictObject({ roomId: Id }),
      errors: ['ROOM_GONE', 'NOT_SEATED'],
      idempotent: true,
    }),
    find: query({
      summary: 'A room and who sits in it',
      auth: 'player',
      http: 'GET /v1/rooms/:roomId',
      input: z.strictObject({ roomId: Id }),
      output: z.object({
        roomId: Id,
        game: z.string(),
        startedAt: Timestamp,
        seats: z.array(Seated),
        watching: Watching,
      }),
      errors: ['ROOM_GONE'],
    }),
    live: query({
      summary: 'Matches that can be watched now: those with the most people first, then the newest; 50 at most',
      auth: 'player',
      http: 'GET /v1/rooms',
      limit: { points: 120, perS: 60, by: 'player' },
      input: z.strictObject({ game: z.string().max(32).optional() }),
      output: z.object({
        rooms: z.array(
          z.object({ roomId: Id, game: z.string(), startedAt: Timestamp, seats: z.array(Seated), watching: Watching }),
        ),
      }),
      errors: ['UNKNOWN_GAME'],
    }),
    takeOver: command({
      summary: 'See that a room whose process is gone goes on in another, from its last snapshot',
      auth: 'service',
      input: z.strictObject({ roomId: Id }),
      errors: ['ROOM_GONE'],
      idempotent: true,
    }),
    running: query({
      summary: 'Which of these rooms run, and which people hold a seat in them',
      auth: 'service',
      input: z.strictObject({ roomIds: z.array(Id).max(100) }),
      output: z.object({ rooms: z.array(z.object({ roomId: Id, playerIds: z.array(Id) })) }),
    }),
  },
  { errors: roomsErrors },
)

export const ROOM_OPENED = event('ROOM_OPENED', {
  data: z.object({ roomId: Id, game: z.string(), playerIds: z.array(Id), at: Timestamp }),
  key: (data) => data.roomId,
})
export const SEAT_LEFT = event('SEAT_LEFT', {
  data: z.object({ roomId: Id, playerId: Id, at: Timestamp }),
  key: (data) => data.roomId,
})
/** The room is over; `standings` is empty when it was ended without a result. */
export const ROOM_ENDED = event('ROOM_ENDED', {
  data: z.object({
    roomId: Id,
    game: z.string(),
    gameVersion: z.number().int(),
    seed: z.number().int(),
    startedAt: Timestamp,
    endedAt: Timestamp,
    reason: z.string(),
    standings: z.array(
      z.object({
        playerId: Id,
        name: z.string(),
        bot: z.boolean(),
        rank: z.number().int(),
        score: z.number(),
        left: z.boolean().describe('gave the seat up before the end'),
      }),
    ),
  }),
  key: (data) => data.roomId,
})
