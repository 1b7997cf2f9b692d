import { Fault } from '@meydan/contracts/core'
import { SEAT_LEFT } from '@meydan/contracts/rooms'
import type { Events } from '@meydan/kernel/events'
import type { RoomsAnywhere } from '@meydan/realtime/line'
import type { Transaction } from 'kysely'
import type { Given, RoomsTables } from './store.ts'

/** A seat that was given up before, or whose room is over: that is what was wanted. */
const ALREADY = new Set(['NOT_SEATED', 'ROOM_GONE'])

/** Takes a player out of the running game, if it runs and the player is still in it. */
export async function leaveRunning(anywhere: RoomsAnywhere, { roomId, playerId }: Given): Promise<void> {
  try {
    await anywhere.leave(roomId, playerId)
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
