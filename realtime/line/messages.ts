import { Fault, Id } from '@meydan/contracts/core'
import { z } from 'zod'

/**
 * What a gateway's process and a rooms process say to each other over one WebSocket. Control is JSON text; snapshots (`batch.ts`) and inputs are
 * binary, their first byte a KIND. A line is one player's or watcher's place in a room, numbered by the gateway.
 */
export const LINE_PATH = '/rooms'
/** A process of another version answers 426: its rooms are reached when it is renewed, too. */
export const LINE_VERSION = 2
export const VERSION_HEADER = 'meydan-line-version'
/** Whom tokens of lines are for. */
export const LINE_AUDIENCE = 'rooms'

/** Binary messages: `snapshots` is a batch; `input` is followed by the line (u32) and the input frame. */
export const KIND = { snapshots: 1, input: 2 } as const
export const INPUT_HEADER_BYTES = 5

const Line = z.int().min(0).max(0xffffffff)
const Entering = z.strictObject({ line: Line, roomId: Id, playerId: Id, after: z.int().optional() })
export type Entering = z.infer<typeof Entering>
const SeatRequest = z.strictObject({
  playerId: Id,
  name: z.string(),
  bot: z.boolean(),
  skill: z.number().optional(),
})

const Asked = z.union([
  z.strictObject({ attach: Entering }),
  z.strictObject({ spectate: Entering }),
  z.strictObject({ seat: z.strictObject({ roomId: Id, seat: SeatRequest }) }),
  z.strictObject({ leave: z.strictObject({ roomId: Id, playerId: Id }) }),
  z.strictObject({ describe: z.strictObject({ roomId: Id }) }),
  z.strictObject({ watchable: z.strictObject({ game: z.string().optional() }) }),
])
export type Asked = z.infer<typeof Asked>

/** From the gateway. */
export const Up = z.union([z.strictObject({ id: z.int(), ask: Asked }), z.strictObject({ detach: Line })])
export type Up = z.infer<typeof Up>

const FaultTold = z.strictObject({
  status: z.int(),
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
  retryAfterS: z.number().optional(),
})
type FaultTold = z.infer<typeof FaultTold>

/** From the rooms process. */
export const Down = z.union([
  z.strictObject({ id: z.int(), out: z.unknown() }),
  z.strictObject({ id: z.int(), error: FaultTold }),
  z.strictObject({ line: Line, event: z.looseObject({ type: z.string() }), seq: z.int() }),
  z.strictObject({ line: Line, closed: z.enum(['ended', 'left', 'replaced', 'stopped']) }),
  z.strictObject({ line: Line, refused: FaultTold }),
])
export type Down = z.infer<typeof Down>

export function toldFault(fault: Fault): FaultTold {
  const { status, retryAfterS } = fault
  return { status, ...(retryAfterS !== undefined && { retryAfterS }), ...fault.body() }
}

export function heardFault({ status, code, message, details, retryAfterS }: FaultTold): Fault {
  return new Fault(code, status, message, {
    ...(details && { details }),
    ...(retryAfterS !== undefined && { retryAfterS }),
  })
}
