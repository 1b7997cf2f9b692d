import { Fault, type Id } from '@meydan/contracts/core'
import type { Kit } from '@meydan/kernel/rpc'
import type { RoomEngine } from '@meydan/realtime/rooms'
import { type Endings, endWithoutResult } from './ending.ts'
import { isLost, isOpening } from './rules.ts'
import { findRoom, type RoomsTables, runningRooms, setProcess } from './store.ts'

/** Longer than a process takes to connect anew and to renew what it holds. */
const CLAIMED_AGAIN_MS = 4_000
const MISSING_KEPT_MS = 30_000

export interface RunningParts {
  readonly kit: Kit
  readonly engine: RoomEngine
  readonly processId: string
  readonly endings: Endings
}

/** Whether the registry has the room running in this process. */
export async function isRegisteredHere({ kit, processId }: RunningParts, roomId: Id): Promise<boolean> {
  const room = await findRoom(kit.db.tables<RoomsTables>(), roomId)
  return room?.state === 'running' && room.process === processId
}

/**
 * Takes over a room whose process is gone, from its last snapshot; one without a snapshot is over without a result, so that nobody is stuck
 * in it. Gives who runs it now: nobody, when it is over; unclear, while it may just be opening or be claimed again by its process. Throws
 * UNAVAILABLE when this process is full.
 */
export async function takeOver(parts: RunningParts, roomId: Id): Promise<'here' | 'elsewhere' | 'nobody' | 'unclear'> {
  const { kit, engine, processId, endings } = parts
  const store = kit.db.tables<RoomsTables>()
  const room = await findRoom(store, roomId)
  if (room?.state !== 'running' || endings.storing(roomId)) return 'nobody'
  if (engine.describe(roomId)) return 'here'
  const owner = await ownerAfter(engine, roomId)
  if (owner === 'here') {
    await setProcess(store, roomId, processId)
    kit.log.info({ roomId, from: room.process }, 'a room was taken over')
  }
  if (owner !== 'nobody') return owner
  const mayComeBack = room.process !== processId && (await isMissingShortly(kit, roomId))
  if (mayComeBack || isOpening(room.started_at.getTime(), kit.clock.now())) return 'unclear'
  await endLost(kit, roomId)
  return 'nobody'
}

/**
 * A cache that lost its memory knows neither leases nor snapshots: a process that plays a room says so again with its next renewals. Counted
 * from when a room was missed first, in whatever process.
 */
async function isMissingShortly({ cache, clock }: Kit, roomId: Id): Promise<boolean> {
  const key = `rooms:{${roomId}}:missing-since`
  const since = await cache.get(key)
  if (typeof since === 'number') return clock.now() - since < CLAIMED_AGAIN_MS
  await cache.set(key, clock.now(), MISSING_KEPT_MS)
  return true
}

/** Whose the room is after this process has tried to take it. */
async function ownerAfter(engine: RoomEngine, roomId: Id): Promise<'here' | 'elsewhere' | 'nobody'> {
  try {
    return (await engine.restore(roomId)) ? 'here' : 'nobody'
  } catch (error) {
    if (error instanceof Fault && error.code === 'CONFLICT') return 'elsewhere'
    throw error
  }
}

async function endLost(kit: Kit, roomId: Id): Promise<void> {
  await endWithoutResult(kit, roomId, 'lost')
  kit.log.info({ roomId }, 'a room was lost with its process')
}

/** Rooms that an earlier life of this process left running go on here if there is a snapshot of them, and are over if there is none. */
export async function takeUpLeftBehind(parts: RunningParts): Promise<void> {
  const { kit, engine, processId } = parts
  for (const room of await runningRooms(kit.db.tables<RoomsTables>())) {
    if (room.process !== processId || engine.describe(room.room_id)) continue
    const owner = await ownerAfter(engine, room.room_id)
    if (owner === 'nobody') await endLost(kit, room.room_id)
  }
}

/** Rooms that are registered as running and run nowhere (`isLost` in rules.ts). */
export async function findLostRooms(parts: RunningParts): Promise<void> {
  const { kit, engine, processId, endings } = parts
  for (const room of await runningRooms(kit.db.tables<RoomsTables>())) {
    const registered = {
      process: room.process,
      startedAtMs: room.started_at.getTime(),
      lastsMsMax: engine.games.get(room.game)?.lastsMsMax,
      here: engine.describe(room.room_id) !== null || endings.storing(room.room_id),
    }
    if (isLost(registered, processId, kit.clock.now())) await takeOver(parts, room.room_id)
  }
}
