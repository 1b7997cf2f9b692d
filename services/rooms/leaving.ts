import { Fault } from '@meydan/contracts/core'
import { SEAT_LEFT } from '@meydan/contracts/rooms'
import type { Events } from '@meydan/kernel/events'
import type { RoomEngine } from '@meydan/realtime/rooms'
import type { Transaction } from 'kysely'
import type { Given, RoomsTables } from './store.ts'

/** The engine knows nothing of a seat that was given up before, or in another process; that is what was wanted. */
const ALREADY = new Set(['NOT_SEATED', 'ROOM_GONE'])

/** Takes a player out of the running game, if that runs here and the player is still in it. */
export async function leaveEngine(engine: RoomEngine, { roomId, playerId }: Given): Promise<void> {
  try {
    await engine.leave(roomId, playerId)
  } catch (error) {
    if (!(error instanceof Fault && ALREADY.has(error.code))) throw error
  }
}

export async function publishLeft(
  events: Events,
  tx: Transaction<RoomsTables>,
  seats: readonly Given[],
  at: Date,
  traceparent: string | undefined,
): Promise<void> {
  for (const { roomId, playerId } of seats) {
    await events.publish(tx, SEAT_LEFT, { roomId, playerId, at: at.toISOString() }, { traceparent })
  }
}
