import { z } from 'zod'
import { command, contract, Id } from '../core/index.ts'

/** Makes bots to fill a room, and forgets them when it ends. */
export const bots = contract('bots', {
  hire: command({
    summary: 'Make bots for a room',
    auth: 'service',
    input: z.strictObject({
      roomId: Id,
      count: z.number().int().min(1).max(64),
      /** Openskill rating of the people in the room; the bots are made to fit. */
      rating: z.number().optional(),
    }),
    output: z.object({ bots: z.array(z.object({ botId: Id, name: z.string(), skill: z.number() })) }),
    idempotent: true,
  }),
})
