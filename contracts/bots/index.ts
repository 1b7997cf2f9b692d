import { z } from 'zod'
import { command, contract, errors, Id } from '../core/index.ts'

export const botsErrors = errors({
  ROOM_GONE: { status: 410, message: 'That room is over.' },
})

/** Makes bots to fill a room, and forgets them when it ends. */
export const bots = contract(
  'bots',
  {
    hire: command({
      summary: 'Make bots for a room',
      auth: 'service',
      input: z.strictObject({
        roomId: Id.describe('asking again for a room gives the bots it has, and more only when it has too few'),
        count: z.number().int().min(1).max(64),
        rating: z.number().optional().describe('displayed rating of the people in the room; bots are made to fit it'),
      }),
      output: z.object({ bots: z.array(z.object({ botId: Id, name: z.string(), skill: z.number() })) }),
      errors: ['ROOM_GONE'],
      idempotent: true,
    }),
  },
  { errors: botsErrors },
)
