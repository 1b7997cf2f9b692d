import { ROOM_ENDED } from '@meydan/contracts/rooms'
import type { Kit } from '@meydan/kernel/rpc'
import type { RoomEnd } from '@meydan/realtime/rooms'
import { type Ended, endedEvent } from './rules.ts'
import { markOver, type RoomsTables, runningRooms } from './store.ts'

/** Writes the end of a room and announces it, exactly once however often it is tried. */
async function announce({ db, events }: Kit, ended: Ended): Promise<void> {
  await db.transaction<RoomsTables, void>(async (tx) => {
    if (!(await markOver(tx, ended.roomId, ended.reason, new Date(ended.endedAt)))) return
    await events.publish(tx, ROOM_ENDED, ended)
  })
}

const TRIES_MAX = 60
const TRY_AGAIN_MS = 1_000

/** A result must not be lost because the database was away for a moment; it is held in memory until it is stored. */
export async function recordEnd(kit: Kit, end: RoomEnd): Promise<void> {
  const ended = endedEvent(end)
  for (let tries = 1; ; tries++) {
    try {
      await announce(kit, ended)
      return
    } catch (error) {
      kit.log.warn({ err: error, roomId: end.roomId, tries }, 'the end of a room could not be stored yet')
      if (tries >= TRIES_MAX) throw error
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS))
    }
  }
}

/** Rooms that an earlier life of this process left running are over without a result, so that nobody is stuck in them. */
export async function endLostRooms(kit: Kit, processId: string): Promise<void> {
  const endedAt = new Date(kit.clock.now()).toISOString()
  for (const room of await runningRooms(kit.db.tables<RoomsTables>(), processId)) {
    await announce(kit, {
      roomId: room.room_id,
      game: room.game,
      gameVersion: room.game_version,
      seed: Number(room.seed),
      startedAt: room.started_at.toISOString(),
      endedAt,
      reason: 'lost',
      standings: [],
    })
    kit.log.info({ roomId: room.room_id }, 'a room was lost with its process')
  }
}
