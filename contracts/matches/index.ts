import { z } from 'zod'
import { contract, errors, event, Id, query, Timestamp } from '../core/index.ts'

export const Placing = z.object({
  playerId: Id,
  name: z.string(),
  bot: z.boolean(),
  rank: z.number().int(),
  score: z.number(),
  ratingBefore: z.number().nullable(),
  ratingAfter: z.number().nullable(),
})

export const Match = z.object({
  matchId: Id,
  game: z.string(),
  startedAt: Timestamp,
  endedAt: Timestamp,
  reason: z.string(),
  placings: z.array(Placing),
})
export type Match = z.infer<typeof Match>

export const matchesErrors = errors({
  UNKNOWN_GAME: { status: 404, message: 'There is no game of that name here.' },
})

/** Results of finished rooms and the openskill rating that follows from them. A match has its room's id. */
export const matches = contract(
  'matches',
  {
    get: query({
      summary: 'One finished match',
      auth: 'player',
      http: 'GET /v1/matches/:matchId',
      input: z.strictObject({ matchId: Id }),
      output: Match,
    }),
    mine: query({
      summary: "The caller's matches, newest first",
      auth: 'player',
      http: 'GET /v1/matches',
      input: z.strictObject({ before: Id.optional(), limit: z.coerce.number().int().min(1).max(50).default(20) }),
      output: z.object({ matches: z.array(Match) }),
    }),
    rating: query({
      summary: "The caller's rating in a game",
      auth: 'player',
      http: 'GET /v1/ratings/:game',
      input: z.strictObject({ game: z.string().max(32) }),
      output: z.object({ game: z.string(), rating: z.number(), matches: z.number().int() }),
      errors: ['UNKNOWN_GAME'],
    }),
    of: query({
      summary: "A player's matches, newest first; none of a player who deleted the account",
      auth: 'player',
      http: 'GET /v1/players/:playerId/matches',
      input: z.strictObject({
        playerId: Id,
        before: Id.optional(),
        limit: z.coerce.number().int().min(1).max(50).default(20),
      }),
      output: z.object({ matches: z.array(Match) }),
    }),
    ratingsOf: query({
      summary: "A player's rating in each game that the player has played",
      auth: 'player',
      http: 'GET /v1/players/:playerId/ratings',
      input: z.strictObject({ playerId: Id }),
      output: z.object({
        ratings: z.array(z.object({ game: z.string(), rating: z.number(), matches: z.number().int() })),
      }),
    }),
    ratings: query({
      summary: 'Ratings of many players in a game; who never played has the rating of a newcomer',
      auth: 'service',
      input: z.strictObject({ game: z.string().max(32), playerIds: z.array(Id).max(100) }),
      output: z.object({ ratings: z.record(Id, z.number()) }),
    }),
  },
  { errors: matchesErrors },
)

export const MATCH_FINISHED = event('MATCH_FINISHED', {
  data: z.object({ match: Match }),
  key: (data) => data.match.matchId,
})
