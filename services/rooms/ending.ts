import { setTimeout as delay } from 'node:timers/promises'
import type { Id } from '@meydan/contracts/core'
import { ROOM_ENDED } from '@meydan/contracts/rooms'
import type { Kit } from '@meydan/kernel/rpc'
import { sparing } from '@meydan/kernel/telemetry'
import type { RoomEnd } from '@meydan/realtime/rooms'
import { endedEvent } from './rules.ts'
import { findRoom, markOver, namesIn, type RoomsTables } from './store.ts'

const TRY_AGAIN_MS = 1_000

/** Ends of rooms on their way to the database. */
export interface Endings {
  /** Stores and announces an end, once; goes on trying while the database is away. */
  record(end: RoomEnd): void
  /** Whether the room's end is being stored. */
  storing(roomId: Id): boolean
  /** Resolves when every end at hand is stored. */
  stored(): Promise<void>
  /** Tries no more; an end that is still not stored goes into the log. */
  stop(): void
}

/** A result must not be lost because the database was away for a moment: it is held in memory until it is stored. */
export function createEndings(kit: Kit): Endings {
  // There are never more than rooms a process may hold: while the database is away, none can be opened.
  const recording = new Map<Id, Promise<void>>()
  const said = sparing(kit.log)
  const stopping = new AbortController()

  const store = async (end: RoomEnd): Promise<void> => {
    for (let tries = 1; ; tries++) {
      try {
        await announce(kit, end)
        return
      } catch (error) {
        said.warn('store', { err: error, roomId: end.roomId, tries }, 'the end of a room could not be stored yet')
      }
      await delay(TRY_AGAIN_MS, undefined, { signal: stopping.signal })
    }
  }
  return {
    record(end) {
      const work = store(end)
        .catch((error: unknown) => kit.log.error({ err: error, end }, 'the end of a room was lost'))
        .finally(() => recording.delete(end.roomId))
      recording.set(end.roomId, work)
    },
    storing: (roomId) => recording.has(roomId),
    stored: async () => void (await Promise.all(recording.values())),
    stop: () => stopping.abort(),
  }
}

async function announce({ db, events }: Kit, end: RoomEnd): Promise<void> {
  await db.transaction<RoomsTables, void>(async (tx) => {
    if (!(await markOver(tx, end.roomId, end.reason, new Date(end.endedAtMs)))) return
    await events.publish(tx, ROOM_ENDED, endedEvent(end, await namesIn(tx, end.roomId)))
  })
}

/** Ends a room without a result and says why: `lost` with its process, or `refused` by the engine. */
export async function endWithoutResult(
  { db, events, clock }: Kit,
  roomId: Id,
  reason: 'lost' | 'refused',
): Promise<void> {
  const endedAt = new Date(clock.now())
  await db.transaction<RoomsTables, void>(async (tx) => {
    const room = await findRoom(tx, roomId)
    if (!room || !(await markOver(tx, roomId, reason, endedAt))) return
    await events.publish(tx, ROOM_ENDED, {
      roomId,
      game: room.game,
      gameVersion: room.game_version,
      seed: Number(room.seed),
      startedAt: room.started_at.toISOString(),
      endedAt: endedAt.toISOString(),
      reason,
      standings: [],
    })
  })
}
