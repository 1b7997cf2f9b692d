import { command, contract, errors, query } from '@meydan/contracts/core'
import { z } from 'zod'

/** Two small contracts that use all a call can do. `front` is what doors reach first; `back` may be in another process. */

export const backErrors = errors({ OUT_OF_STOCK: { status: 409, message: 'There is none left.' } })
const Nested = z.strictObject({ count: z.number().int().max(9), at: z.iso.datetime().optional() })
/** One slow call, by a name of the test's own. */
const Named = z.strictObject({ name: z.string() })

export const back = contract(
  'back',
  {
    echo: query({
      summary: 'Gives back what it was given',
      auth: 'public',
      input: z.strictObject({
        text: z.string(),
        tags: z.array(z.string()).default(['none']),
        nested: Nested.optional(),
      }),
      output: z.object({ text: z.string(), tags: z.array(z.string()), nested: Nested.optional() }),
    }),
    whoCalls: query({
      summary: 'Who the handler sees',
      auth: 'player',
      output: z.object({ playerId: z.string(), sessionId: z.string(), via: z.string(), roles: z.array(z.string()) }),
    }),
    forServices: command({
      summary: 'Only for services',
      auth: 'service',
      output: z.object({ service: z.string(), playerId: z.string().optional() }),
    }),
    fail: query({
      summary: 'Fails in the way it is told to',
      auth: 'public',
      input: z.strictObject({ how: z.enum(['fault', 'core', 'bug', 'wrong-answer']) }),
      output: z.object({ count: z.number() }),
    }),
    slow: query({ summary: 'Waits until it is told to stop', auth: 'public', input: Named, timeoutMs: 10_000 }),
    slowBegan: query({ summary: 'Answers once that slow call runs', auth: 'public', input: Named }),
    slowEnded: query({
      summary: 'Answers how that slow call ended, once it has',
      auth: 'public',
      input: Named,
      output: z.object({ ended: z.string() }),
    }),
    add: command({
      summary: 'Counts, not idempotent',
      auth: 'public',
      output: z.object({ sum: z.number(), pid: z.number() }),
    }),
    sum: query({ summary: 'The count', auth: 'public', output: z.object({ sum: z.number(), pid: z.number() }) }),
    askFront: query({ summary: 'Asks front for its name', auth: 'public', output: z.object({ name: z.string() }) }),
  },
  { errors: backErrors },
)

export const front = contract('front', {
  name: query({ summary: 'A name', auth: 'public', output: z.object({ name: z.string() }) }),
  whoCalls: query({ summary: 'Who back sees', auth: 'player', output: back.procedures.whoCalls.output }),
  forServices: query({ summary: 'Calls for services', auth: 'public', output: back.procedures.forServices.output }),
  fail: query({
    summary: 'Lets back fail',
    auth: 'public',
    input: back.procedures.fail.input,
    output: back.procedures.fail.output,
  }),
  handled: query({ summary: 'Lets back fail and copes', auth: 'public', output: z.object({ code: z.string() }) }),
  slow: query({ summary: 'Waits for back, briefly', auth: 'public', input: Named, timeoutMs: 150 }),
  there: query({ summary: 'Asks back, which asks front', auth: 'public', output: z.object({ name: z.string() }) }),
})
