import { z } from 'zod'
import { command, contract, errors, event, Id, query, Timestamp } from '../core/index.ts'

export const GameName = z.string().regex(/^[a-z][a-z0-9-]{1,31}$/)

/** Where a player stands: idle, waiting in the queue, or in a game. */
export const Status = z.discriminatedUnion('state', [
  z.object({ state: z.literal('idle') }),
  z.object({
    state: z.literal('queued'),
    game: GameName,
    ticketId: Id,
    since: Timestamp,
    seated: z.number().int().describe('people in the waiting room the player is in'),
    needed: z.number().int().describe('people the room needs to start at once'),
    botsAt: Timestamp.describe('when bots fill the room'),
  }),
  z.object({ state: z.literal('playing'), game: GameName, roomId: Id }),
])
export type Status = z.infer<typeof Status>

export const matchmakingErrors = errors({
  UNKNOWN_GAME: { status: 404, message: 'There is no game of that name here.' },
})

export const matchmaking = contract(
  'matchmaking',
  {
    /** Asking again while queued keeps the place; asking while in a game answers which game (A4). */
    ask: command({
      summary: 'Ask for a game',
      auth: 'player',
      http: 'POST /v1/matchmaking/ask',
      input: z.strictObject({ game: GameName.default('arena') }),
      output: Status,
      errors: ['UNKNOWN_GAME'],
      idempotent: true,
      limit: { points: 60, perS: 60, by: 'player' },
    }),
    status: query({ summary: 'Where the caller stands', auth: 'player', http: 'GET /v1/matchmaking', output: Status }),
    cancel: command({
      summary: 'Leave the queue',
      auth: 'player',
      http: 'POST /v1/matchmaking/cancel',
      output: Status,
      idempotent: true,
    }),
    /** Keeps the caller's presence key alive while queued; the socket does this by itself (A5). */
    stillHere: command({ summary: 'Say that the caller still waits', auth: 'player', idempotent: true }),
  },
  { errors: matchmakingErrors },
)

export const MATCH_REQUESTED = event('MATCH_REQUESTED', {
  data: z.object({ ticketId: Id, playerId: Id, game: GameName, at: Timestamp }),
  key: (data) => data.game,
})

/** Told to each player on `user:<id>`, as events of the socket. */
export const QUEUE_CHANGED = 'QUEUE_CHANGED'
export const MATCH_FOUND = 'MATCH_FOUND'
