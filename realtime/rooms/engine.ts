import { core, type Game, type Id } from '@meydan/contracts/core'
import { roomsErrors } from '@meydan/contracts/rooms'
import type { Joined, Watching } from '@meydan/contracts/socket'
import type { Cache, Leases } from '@meydan/kernel/storage'
import { type Log, type Metrics, sparing } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
import type { Attachment, AttachRequest, OpenRequest, RoomDescription, RoomEnd, RoomEngine, RoomSink } from './face.ts'
import { fencingLog } from './fencing.ts'
import { type Loop, TickLoop } from './loop.ts'
import { OwnedRoom } from './owned.ts'
import type { Recording } from './recording.ts'
import { Room } from './room.ts'
import { parseSnapshot, plainSnapshot, type RoomSnapshot, snapshotKey } from './snapshot.ts'
import { bestToWatch } from './watchable.ts'

export interface EngineOptions {
  readonly games: readonly Game[]
  readonly clock: Clock
  readonly cache: Cache
  readonly leases: Leases
  readonly log: Log
  readonly metrics: Metrics
  /** Names this process as the owner of its rooms. */
  readonly processId: string
  readonly roomsMax: number
  /** Keeps every join, leave and input, for replays. */
  readonly record?: boolean
  /** Others share the cache and the leases: rooms are handed over to them when this process drains, instead of being waited for. */
  readonly handsOver?: boolean
  /** Ticks the rooms, instead of a loop by the clock. */
  readonly loop?: Loop
}

export interface EngineStats {
  readonly rooms: number
  readonly latenessMs: readonly number[]
  readonly missed: number
}

/** The engine, and what only its own process may ask of it. */
export interface LocalRoomEngine extends RoomEngine {
  recording(roomId: Id): Recording | undefined
  /** Lateness of each tick since the last call. */
  takeStats(): EngineStats
}

/** A lease is renewed twice a second and lost after two (ADR 7): a takeover has to wait for that, and is done within three seconds. */
const RENEW_EVERY_MS = 500
export const LEASE_MS = 2_000
/** A snapshot is saved with each second renewal. */
const SAVE_EVERY_MS = 1_000
/** Rooms are kept at so many moments of that, so that no tick waits for the snapshots of all of them. */
const KEEP_MOMENTS = 25
const KEEP_LOOK_MS = SAVE_EVERY_MS / KEEP_MOMENTS
const SNAPSHOT_MS = 60_000
/**
 * What an owner may have played after the snapshot that another goes on from. The ticks of that time are skipped, as clients may have seen
 * them: were one numbered again, a client would acknowledge a view that it never got.
 */
const UNSAVED_MS_MAX = SAVE_EVERY_MS + LEASE_MS
const HANDLE_MAX = 0xffff
const LATENESS_SECONDS = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.1, 0.5]
const DRAIN_LOOK_MS = 50

/** The lease that says who owns a room. */
export const leaseName = (roomId: Id): string => `room:{${roomId}}`

export function createRoomEngine(options: EngineOptions): LocalRoomEngine {
  const { clock, cache, leases, log, metrics, processId } = options
  const games = new Map(options.games.map((game) => [game.name, game]))
  const held = new Map<Id, OwnedRoom>()
  const opening = new Map<Id, Promise<void>>()
  const listeners: ((end: RoomEnd) => void)[] = []
  const fencing = fencingLog(log, clock)
  const said = sparing(log)
  const lateness = metrics.histogram('meydan_tick_lateness_seconds', 'How late ticks ran', LATENESS_SECONDS)
  const loop = options.loop ?? new TickLoop(clock, (lateMs) => lateness(lateMs / 1_000))
  const frameBytes = metrics.counter('meydan_room_frame_bytes_total', 'Bytes of snapshots sent to players')
  metrics.observe('meydan_rooms', 'Rooms that run in this process', () => held.size)
  metrics.observe('meydan_ticks_missed', 'Ticks skipped after a stall', () => loop.missed)
  metrics.observe('meydan_room_players', 'People seated in rooms of this process', () =>
    [...held.values()].reduce((sum, { room }) => sum + room.people, 0),
  )
  metrics.observe('meydan_room_watchers', 'People who watch rooms of this process', () =>
    [...held.values()].reduce((sum, { room }) => sum + room.audience.size, 0),
  )
  let isRegisteredHere: (roomId: Id) => Promise<boolean> = async () => true
  let nextHandle = 0
  let draining = false
  let keeping: NodeJS.Timeout | undefined

  const drop = (roomId: Id): OwnedRoom | undefined => {
    const found = held.get(roomId)
    if (!found) return undefined
    held.delete(roomId)
    loop.remove(found)
    fencing.letGo(found)
    return found
  }

  const forget = async ({ lease, room }: OwnedRoom): Promise<void> => {
    try {
      await cache.delete(snapshotKey(room.roomId))
      await leases.release(lease)
    } catch (error) {
      // Both expire by themselves.
      log.warn({ err: error, roomId: room.roomId }, 'a room that is over left its lease or snapshot behind')
    }
  }

  const hooks = {
    nowMs: () => clock.now(),
    onError: (room: Room, error: unknown) =>
      log.error({ err: error, roomId: room.roomId, game: room.game.name }, 'a game threw'),
    onOver: (room: Room, reason: string, outcome: RoomEnd['outcome']) => {
      const found = drop(room.roomId)
      if (found) void forget(found)
      const end = room.end(reason, outcome)
      log.info({ roomId: end.roomId, game: end.game, reason }, 'room over')
      for (const listener of listeners) listener(end)
    },
  }

  const freeHandle = (): number => {
    const taken = new Set([...held.values()].map(({ room }) => room.handle))
    do nextHandle = (nextHandle + 1) % (HANDLE_MAX + 1)
    while (taken.has(nextHandle))
    return nextHandle
  }

  const isFull = (): boolean => held.size + opening.size >= options.roomsMax

  const save = async (owned: OwnedRoom): Promise<void> => {
    const { room } = owned
    if (room.over || !owned.isValid) return
    const snapshot = room.snapshot()
    owned.savedTick = snapshot.tick
    owned.saveAtMs = clock.monotonic() + SAVE_EVERY_MS
    await cache.set(snapshotKey(room.roomId), plainSnapshot(snapshot), SNAPSHOT_MS)
  }

  const own = async (roomId: Id, make: (handle: number) => Room): Promise<void> => {
    if (draining) throw core.UNAVAILABLE({ message: 'This process is stopping.', retryAfterS: 1 })
    if (isFull()) {
      throw core.UNAVAILABLE({ message: 'This process holds as many rooms as it may.', retryAfterS: 5 })
    }
    const askedMs = clock.monotonic()
    const lease = await leases.acquire(leaseName(roomId), processId, LEASE_MS)
    if (!lease) throw core.CONFLICT({ message: 'Another process owns that room.' })
    const room = make(freeHandle())
    const owned = new OwnedRoom(room, lease, askedMs + LEASE_MS, clock)
    owned.renewAtMs += (room.handle % KEEP_MOMENTS) * KEEP_LOOK_MS
    held.set(roomId, owned)
    fencing.taken(owned)
    loop.add(owned)
    // From here on whoever takes the room over finds what it needs.
    await save(owned).catch((error: unknown) => log.warn({ err: error, roomId }, 'a new room was not saved yet'))
    log.info({ roomId, game: room.game.name, seats: room.seats.length }, 'room open')
  }

  const counted = (sink: RoomSink): RoomSink => ({
    frame(bytes) {
      frameBytes(bytes.length)
      sink.frame(bytes)
    },
    event: (event, seq) => sink.event(event, seq),
    closed: (reason) => sink.closed(reason),
  })

  const once = (roomId: Id, work: () => Promise<void>): Promise<void> => {
    const running = opening.get(roomId) ?? work().finally(() => opening.delete(roomId))
    opening.set(roomId, running)
    return running
  }

  const ownedOf = (roomId: Id): OwnedRoom => {
    const found = held.get(roomId)
    if (!found) throw roomsErrors.ROOM_GONE()
    return found
  }
  const roomOf = (roomId: Id): Room => ownedOf(roomId).room
  /** A lease is seen by others before this process hears that it has it: who asks for the room then waits for it. */
  const opened = async (roomId: Id): Promise<void> => {
    await opening.get(roomId)?.catch(() => undefined)
  }

  /** Nobody has gone on with the room while its lease was not surely ours: not by its snapshot, which a new owner saves at once, nor by the registry. */
  const isUntouched = async ({ room: { roomId }, savedTick }: OwnedRoom): Promise<boolean> => {
    const snapshot = parseSnapshot(await cache.get(snapshotKey(roomId)))
    if (snapshot && snapshot.tick > savedTick) return false
    return isRegisteredHere(roomId)
  }

  /**
   * A lease that is gone before its time was over has been forgotten with the memory of its store: nobody else can have it, and it is taken
   * again. One that ran out, since this process stood still or the store was away for too long, is taken again if nobody has gone on with the room.
   */
  const renewed = async (owned: OwnedRoom): Promise<boolean> => {
    const wasSure = owned.isValid
    if (await leases.renew(owned.lease, LEASE_MS)) return true
    if (!wasSure && !(await isUntouched(owned))) return false
    const { name, owner, token } = owned.lease
    const again = await leases.acquire(name, owner, LEASE_MS)
    if (!again) return false
    if (held.get(owned.room.roomId) !== owned) {
      // It was over, or handed over, before the answer came.
      await leases.release(again)
      return false
    }
    if (again.token === token) return true
    fencing.letGo(owned)
    owned.lease = again
    fencing.taken(owned)
    // What forgot the lease has forgotten the snapshot, too.
    owned.saveAtMs = 0
    return true
  }

  /** Renews what is held; a room whose lease is lost is another's now, and ends here without a word. */
  const keep = async (owned: OwnedRoom): Promise<void> => {
    const { room } = owned
    const askedMs = clock.monotonic()
    if (await renewed(owned)) {
      owned.validUntilMs = askedMs + LEASE_MS
      if (askedMs >= owned.saveAtMs - RENEW_EVERY_MS / 2) await save(owned)
      return
    }
    if (!drop(room.roomId)) return
    log.warn({ roomId: room.roomId }, 'the lease of a room was lost')
    room.close()
    await leases.release(owned.lease)
  }

  const keepAll = async (rooms: Iterable<OwnedRoom>): Promise<void> => {
    const results = await Promise.allSettled(Array.from(rooms, keep))
    for (const result of results)
      if (result.status === 'rejected') said.warn('keep', { err: result.reason }, 'a room was not kept')
  }

  /** The room stops here with its last snapshot, and is free for whoever its players' gateways ask. */
  const handOver = async (owned: OwnedRoom): Promise<void> => {
    const { room, lease } = owned
    if (!drop(room.roomId)) return
    try {
      await save(owned)
      await leases.release(lease)
    } catch (error) {
      log.warn(
        { err: error, roomId: room.roomId },
        'a room could not be handed over; it goes on when its lease has run out',
      )
    }
    room.close()
  }

  /** However late this is, a room keeps its moment. */
  const keepDue = async (): Promise<void> => {
    const nowMs = clock.monotonic()
    const due = [...held.values()].filter(({ renewAtMs }) => renewAtMs <= nowMs)
    for (const each of due)
      each.renewAtMs += (Math.floor((nowMs - each.renewAtMs) / RENEW_EVERY_MS) + 1) * RENEW_EVERY_MS
    await keepAll(due)
  }

  return {
    games,
    get isFull() {
      return isFull()
    },
    async open(request) {
      const game = games.get(request.game)
      if (!game) throw roomsErrors.UNKNOWN_GAME()
      if (held.has(request.roomId)) return
      await once(request.roomId, () =>
        own(request.roomId, (handle) => new Room({ ...hooks, request, game, handle, record: options.record ?? false })),
      )
    },
    async seat(roomId, seat) {
      await opened(roomId)
      const owned = ownedOf(roomId)
      if (!owned.isValid) throw roomsErrors.ROOM_MOVING({ retryAfterS: 1 })
      const index = owned.room.sit(seat)
      // Whoever takes the room over must know everybody who was told to have a seat.
      await save(owned)
      return index
    },
    async leave(roomId, playerId) {
      const owned = ownedOf(roomId)
      owned.room.leave(playerId)
      await save(owned)
    },
    async attach({ sink, ...request }) {
      await opened(request.roomId)
      return attachment(roomOf(request.roomId), { ...request, sink: counted(sink) })
    },
    async spectate({ sink, ...request }) {
      await opened(request.roomId)
      return watching(roomOf(request.roomId), { ...request, sink: counted(sink) })
    },
    describe(roomId) {
      const room = held.get(roomId)?.room
      return room ? descriptionOf(room) : null
    },
    watchable(game) {
      const open = [...held.values()].filter(({ room }) => room.game.spectators === true)
      return bestToWatch(
        open.map(({ room }) => descriptionOf(room)),
        game,
      )
    },
    onEnd: (listener) => void listeners.push(listener),
    registeredBy(ask) {
      isRegisteredHere = ask
    },
    async restore(roomId) {
      if (held.has(roomId)) return true
      const snapshot = parseSnapshot(await cache.get(snapshotKey(roomId)))
      const game = snapshot && games.get(snapshot.game)
      if (!snapshot || game?.version !== snapshot.gameVersion) return false
      const request = requestOf(snapshot)
      const ahead = { ...snapshot, tick: snapshot.tick + Math.ceil(UNSAVED_MS_MAX / game.tickMs) }
      await once(roomId, () =>
        own(roomId, (handle) => new Room({ ...hooks, request, game, handle, record: false }, ahead)),
      )
      return true
    },
    recording: (roomId) => held.get(roomId)?.room.recording(),
    takeStats: () => ({ rooms: held.size, ...loop.takeStats() }),
    start() {
      keeping ??= setInterval(() => void keepDue(), KEEP_LOOK_MS)
    },
    async drain(deadlineMs) {
      draining = true
      if (options.handsOver) {
        await Promise.all([...held.values()].map(handOver))
        return
      }
      const untilMs = clock.monotonic() + deadlineMs
      while (held.size > 0 && clock.monotonic() < untilMs) {
        await new Promise((resolve) => setTimeout(resolve, Math.min(DRAIN_LOOK_MS, deadlineMs)))
      }
      await keepAll(held.values())
    },
    async stop() {
      draining = true
      clearInterval(keeping)
      loop.stop()
      const left = [...held.values()]
      held.clear()
      for (const owned of left) fencing.letGo(owned)
      for (const { room } of left) room.close()
      await Promise.all(left.map(({ lease }) => leases.release(lease)))
    },
  }
}

function requestOf({ roomId, game, options, seed }: RoomSnapshot): OpenRequest {
  return { roomId, game, options, seed, seats: [] }
}

function attachment(room: Room, { playerId, sink, after }: AttachRequest): Attachment<Joined> {
  const seat = room.connect(playerId, sink, after)
  return {
    joined: enteredBy(room, seat.index),
    input: (bytes) => room.receive(playerId, sink, bytes),
    detach: () => room.disconnect(playerId, sink),
  }
}

function watching(room: Room, { playerId, sink, after }: AttachRequest): Attachment<Watching> {
  room.spectate(playerId, sink, after)
  return {
    joined: enteredBy(room, null),
    input: (bytes) => room.audience.receive(playerId, sink, bytes, room.tickCount),
    detach: () => room.audience.remove(playerId, sink),
  }
}

function enteredBy<Seat extends number | null>(room: Room, seat: Seat): Omit<Joined, 'seat'> & { seat: Seat } {
  const { handle, roomId, game, tickCount: tick, eventSeq } = room
  const { name, version, tickMs, sendEveryTicks } = game
  const { seats } = descriptionOf(room)
  return {
    handle,
    roomId,
    game: name,
    gameVersion: version,
    seat,
    tick,
    tickMs,
    sendEveryTicks,
    eventSeq,
    seats: [...seats],
  }
}

function descriptionOf({ roomId, game, startedAtMs, seats, audience }: Room): RoomDescription {
  const present = seats.filter(({ left }) => !left).map(({ left: _left, ...seated }) => seated)
  return { roomId, game: game.name, startedAtMs, seats: present, watching: audience.size }
}
