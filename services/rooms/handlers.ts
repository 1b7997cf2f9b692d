import { randomInt } from 'node:crypto'
import { ROOM_OPENED, type rooms, roomsErrors, SEAT_LEFT } from '@meydan/contracts/rooms'
import type { Handlers, Kit } from '@meydan/kernel/rpc'
import type { RoomEngine } from '@meydan/realtime/rooms'
import { findRoom, insertRoom, insertSeats, markLeft, type RoomsTables } from './store.ts'

export interface RoomsOptions {
  readonly engine: RoomEngine
  /** Stable over restarts: rooms of an earlier life of this process are known by it. */
  readonly processId: string
  /** Length of matches instead of the game's own, for games that have such an option. */
  readonly matchMs: number | undefined
}

const SEED_END = 0x1_0000_0000

export function roomsHandlers(
  { db, events, clock }: Kit,
  { engine, processId, matchMs }: RoomsOptions,
): Handlers<typeof rooms> {
  const store = db.tables<RoomsTables>()
  return {
    async open({ roomId, game: name, seats, options, seed: given }, { traceparent }) {
      const game = engine.games.get(name)
      if (!game) throw roomsErrors.UNKNOWN_GAME({ details: { field: 'game' } })
      const at = new Date(clock.now())
      const seed = given ?? randomInt(SEED_END)
      const playerIds = seats.filter(({ bot }) => !bot).map(({ playerId }) => playerId)
      // The row comes first: a room that runs is always in the registry, and one whose start failed is ended by whoever finds it.
      await db.transaction<RoomsTables, void>(async (tx) => {
        if (!(await insertRoom(tx, { roomId, game: name, gameVersion: game.version, seed, process: processId, at })))
          return
        await insertSeats(tx, roomId, seats)
        await events.publish(tx, ROOM_OPENED, { roomId, game: name, playerIds, at: at.toISOString() }, { traceparent })
      })
      await engine.open({
        roomId,
        game: name,
        seats,
        seed,
        options: { ...(matchMs !== undefined && { matchMs }), ...options },
      })
      return { roomId }
    },

    async seat({ roomId, seat }) {
      const index = await engine.seat(roomId, seat)
      await insertSeats(store, roomId, [seat])
      return { seat: index }
    },

    async leave({ roomId }, { caller, traceparent }) {
      const { playerId } = caller
      await engine.leave(roomId, playerId)
      const at = new Date(clock.now())
      await db.transaction<RoomsTables, void>(async (tx) => {
        if (!(await markLeft(tx, roomId, playerId, at))) return
        await events.publish(tx, SEAT_LEFT, { roomId, playerId, at: at.toISOString() }, { traceparent })
      })
      return {}
    },

    async find({ roomId }) {
      const room = await findRoom(store, roomId)
      const running = engine.describe(roomId)
      if (room?.state !== 'running' || !running) throw roomsErrors.ROOM_GONE()
      return {
        roomId,
        game: running.game,
        startedAt: new Date(running.startedAtMs).toISOString(),
        seats: running.seats.map(({ index, playerId, name, bot }) => ({ index, playerId, name, bot })),
      }
    },
  }
}
