import { randomInt } from 'node:crypto'
import { core } from '@meydan/contracts/core'
import { ROOM_OPENED, type rooms, roomsErrors, SEAT_LEFT } from '@meydan/contracts/rooms'
import type { Handlers } from '@meydan/kernel/rpc'
import type { RoomsAnywhere } from '@meydan/realtime/line'
import type { OpenRequest, RoomEngine } from '@meydan/realtime/rooms'
import { endWithoutResult } from './ending.ts'
import { leaveRunning, publishLeft } from './leaving.ts'
import { liveRoom } from './rules.ts'
import {
  findRoom,
  findSeat,
  type Given,
  giveUpElsewhere,
  heldSeats,
  insertRoom,
  insertSeats,
  markLeft,
  type RoomsTables,
} from './store.ts'
import { type RunningParts, takeOver } from './taking-over.ts'

export interface RoomsOptions {
  /** The rooms of this process, and all rooms wherever they run. */
  readonly engine: RoomEngine
  readonly anywhere: RoomsAnywhere
  /** Stable over restarts: rooms of an earlier life of this process are known by it. */
  readonly processId: string
  /** Length of matches instead of the game's own, for games that have such an option. */
  readonly matchMs: number | undefined
}

const SEED_END = 0x1_0000_0000

export function roomsHandlers({ matchMs, anywhere }: RoomsOptions, parts: RunningParts): Handlers<typeof rooms> {
  const { kit, engine, processId, endings } = parts
  const { db, events, clock } = kit
  const store = db.tables<RoomsTables>()

  const start = async (request: OpenRequest): Promise<void> => {
    try {
      await engine.open({ ...request, options: { ...(matchMs !== undefined && { matchMs }), ...request.options } })
    } catch (error) {
      await endWithoutResult(kit, request.roomId, 'refused')
      throw error
    }
  }

  return {
    async open({ roomId, game: name, seats, options: given, seed: wanted }, { traceparent }) {
      const game = engine.games.get(name)
      if (!game) throw roomsErrors.UNKNOWN_GAME({ details: { field: 'game' } })
      const at = new Date(clock.now())
      const seed = wanted ?? randomInt(SEED_END)
      const playerIds = seats.filter(({ bot }) => !bot).map(({ playerId }) => playerId)
      // The row comes first: a room that runs is always in the registry, and one whose start failed is ended by whoever finds it.
      const left = await db.transaction<RoomsTables, Given[] | undefined>(async (tx) => {
        const room = { roomId, game: name, gameVersion: game.version, seed, process: processId, at }
        if (!(await insertRoom(tx, room))) return undefined
        // Said before anything is: a room that is refused leaves a row and an event behind, and a full process refuses all day.
        if (engine.isFull) throw roomsErrors.ROOMS_FULL({ retryAfterS: 1 })
        const givenUp = await giveUpElsewhere(tx, roomId, playerIds, at)
        await insertSeats(tx, roomId, seats)
        await publishLeft(events, tx, givenUp, at, traceparent)
        await events.publish(tx, ROOM_OPENED, { roomId, game: name, playerIds, at: at.toISOString() }, { traceparent })
        return givenUp
      })
      if (left) {
        await start({ roomId, game: name, seats, seed, options: given ?? {} })
        for (const seat of left) await leaveRunning(anywhere, seat)
        return { roomId }
      }
      const room = await findRoom(store, roomId)
      // A room is opened once in its life. Its end may still be on the way to the database.
      if (room?.state !== 'running' || endings.storing(roomId)) throw roomsErrors.ROOM_GONE()
      if (room.process === processId) {
        await start({ roomId, game: name, seats, seed: Number(room.seed), options: given ?? {} })
      }
      return { roomId }
    },

    async seat({ roomId, seat }, { traceparent }) {
      const room = await findRoom(store, roomId)
      if (room?.state !== 'running') throw roomsErrors.ROOM_GONE()
      const known = await findSeat(store, roomId, seat.playerId)
      if (known?.left_at) throw roomsErrors.SEAT_GIVEN_UP()
      const index = await anywhere.seat(roomId, seat)
      const at = new Date(clock.now())
      const left = await db.transaction<RoomsTables, Given[]>(async (tx) => {
        const givenUp = seat.bot ? [] : await giveUpElsewhere(tx, roomId, [seat.playerId], at)
        await insertSeats(tx, roomId, [seat])
        await publishLeft(events, tx, givenUp, at, traceparent)
        return givenUp
      })
      for (const other of left) await leaveRunning(anywhere, other)
      return { seat: index }
    },

    async leave({ roomId }, { caller, traceparent }) {
      const { playerId } = caller
      if (caller.actorId !== undefined) {
        throw core.FORBIDDEN({ message: 'Staff who entered an account for a check may not give up its seat.' })
      }
      const seat = await findSeat(store, roomId, playerId)
      if (!seat) {
        const room = await findRoom(store, roomId)
        throw room?.state === 'running' ? roomsErrors.NOT_SEATED() : roomsErrors.ROOM_GONE()
      }
      // The registry first: once the seat is given up there, nothing brings it back, and whoever tries again is answered alike.
      const at = new Date(clock.now())
      await db.transaction<RoomsTables, void>(async (tx) => {
        if (!(await markLeft(tx, roomId, playerId, at))) return
        await events.publish(tx, SEAT_LEFT, { roomId, playerId, at: at.toISOString() }, { traceparent })
      })
      await leaveRunning(anywhere, { roomId, playerId })
      return {}
    },

    async find({ roomId }) {
      const room = await findRoom(store, roomId)
      const running = room?.state === 'running' ? await anywhere.describe(roomId) : null
      if (!running) throw roomsErrors.ROOM_GONE()
      return liveRoom(running)
    },

    async live({ game }) {
      if (game !== undefined && !engine.games.has(game)) throw roomsErrors.UNKNOWN_GAME({ details: { field: 'game' } })
      return { rooms: (await anywhere.watchable(game)).map(liveRoom) }
    },

    async takeOver({ roomId }) {
      const owner = await takeOver(parts, roomId)
      if (owner === 'nobody') throw roomsErrors.ROOM_GONE()
      if (owner === 'unclear') throw core.UNAVAILABLE({ retryAfterS: 1 })
      return {}
    },

    async running({ roomIds }) {
      // What has ended here is over, though its end may still be on the way to the database.
      const found = await heldSeats(
        store,
        roomIds.filter((roomId) => !endings.storing(roomId)),
      )
      return { rooms: [...found].map(([roomId, playerIds]) => ({ roomId, playerIds })) }
    },
  }
}
