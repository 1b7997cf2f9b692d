import { z } from 'zod'
import { contract, errors, Id, query } from '../core/index.ts'

export const Period = z.enum(['daily', 'weekly', 'all'])
export type Period = z.infer<typeof Period>

export const Line = z.object({
  rank: z.number().int().describe('from 1; of equal scores the one that was reached first stands higher'),
  playerId: Id,
  name: z.string(),
  score: z.number(),
})
export type Line = z.infer<typeof Line>

const Board = { game: z.string().max(32), period: Period.default('all') }

export const leaderboardsErrors = errors({
  UNKNOWN_GAME: { status: 404, message: 'There is no game of that name here.' },
})

/** Boards by game and period; a player's score is the sum of match scores in the period (UTC days, ISO weeks). */
export const leaderboards = contract(
  'leaderboards',
  {
    top: query({
      summary: 'The best N',
      auth: 'public',
      http: 'GET /v1/leaderboards/:game/top',
      input: z.strictObject({ ...Board, limit: z.coerce.number().int().min(1).max(100).default(10) }),
      output: z.object({ lines: z.array(Line) }),
      errors: ['UNKNOWN_GAME'],
    }),
    around: query({
      summary: 'The lines around the caller',
      auth: 'player',
      http: 'GET /v1/leaderboards/:game/around',
      input: z.strictObject({ ...Board, limit: z.coerce.number().int().min(1).max(50).default(5) }),
      output: z.object({ lines: z.array(Line) }),
      errors: ['UNKNOWN_GAME'],
    }),
    rank: query({
      summary: "The caller's own line, null before a first match",
      auth: 'player',
      http: 'GET /v1/leaderboards/:game/rank',
      input: z.strictObject(Board),
      output: z.object({ line: Line.nullable() }),
      errors: ['UNKNOWN_GAME'],
    }),
  },
  { errors: leaderboardsErrors },
)
