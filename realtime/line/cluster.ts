import { core, Fault, type Id } from '@meydan/contracts/core'
import { roomsErrors } from '@meydan/contracts/rooms'
import type { Entered, Joined, Watching } from '@meydan/contracts/socket'
import type { ServiceTokens } from '@meydan/kernel/rpc'
import type { Log } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
import {
  type Attachment,
  type AttachRequest,
  bestToWatch,
  type RoomDescription,
  type RoomDoor,
  type RoomSink,
  type SeatRequest,
} from '../rooms/index.ts'
import type { HostedRooms } from './host.ts'
import { type LineRequest, RoomLine } from './line.ts'

export interface ClusterRoomsOptions {
  /** The rooms of this process, if it has any. */
  readonly local: HostedRooms | undefined
  /** Address of the process that owns a room now; `local` when it is this one, null when nobody does. */
  readonly ownerOf: (roomId: Id) => Promise<string | typeof LOCAL | null>
  /** Asks some process to take a room over that nobody owns. Throws ROOM_GONE for one that is over. */
  readonly takeOver: (roomId: Id) => Promise<void>
  /** Addresses of the other processes that have rooms. */
  readonly others: () => readonly string[]
  readonly tokens: Pick<ServiceTokens, 'issue'>
  readonly clock: Clock
  readonly log: Log
}

export const LOCAL = Symbol('this process')

/** How long a place is kept for a player while its room changes hands. A lease runs out after two seconds (ADR 7). */
const MOVING_MS_MAX = 15_000
const LOOK_AGAIN_MS = 100
/** A list of rooms does not wait longer for a process; without it, it is shorter. */
const LIST_MS_MAX = 1_000
/** Away, or silent: whoever was asked may be the very process that stands still. */
const PASSING: ReadonlySet<number> = new Set([503, 504])

/** What can be asked of a room, wherever it runs. */
export interface RoomsAnywhere {
  /** The seat's index. Idempotent by player. Throws ROOM_GONE, ROOM_FULL. */
  seat(roomId: Id, seat: SeatRequest): Promise<number>
  /** For good. Throws ROOM_GONE, NOT_SEATED. */
  leave(roomId: Id, playerId: Id): Promise<void>
  /** Null for one that is over. */
  describe(roomId: Id): Promise<RoomDescription | null>
  /** Of those that may be watched, of one game or of all, the best (`bestToWatch`). Those of a process that does not answer in time are left out. */
  watchable(game: string | undefined): Promise<RoomDescription[]>
}

/** All rooms, wherever they run. A place outlives the process of its room: it moves with the room to whoever takes that over. */
export interface ClusterRooms extends RoomDoor, RoomsAnywhere {
  close(): void
}

type Owner = Omit<RoomsAnywhere, 'watchable'> & Pick<RoomLine, 'attach' | 'spectate'>
type Enter<As extends Entered> = (owner: Owner, request: LineRequest) => Promise<Attachment<As>>

export function clusterRooms(options: ClusterRoomsOptions): ClusterRooms {
  const { local, clock, log } = options
  const lines = new Map<string, Promise<RoomLine>>()
  let isClosed = false

  const lineTo = (address: string): Promise<RoomLine> => {
    const known = lines.get(address)
    if (known) return known
    const forget = (): void => void lines.delete(address)
    const opening = RoomLine.open({ address, tokens: options.tokens, log, onDown: forget })
    lines.set(address, opening)
    opening.catch(forget)
    return opening
  }

  const ownerOf = async (roomId: Id): Promise<Owner> => {
    const owner = await options.ownerOf(roomId)
    if (owner === LOCAL && local)
      return {
        ...localRooms(local),
        attach: (request) => local.attach(request),
        spectate: (request) => local.spectate(request),
      }
    if (typeof owner === 'string') return lineTo(owner)
    await options.takeOver(roomId)
    throw roomsErrors.ROOM_MOVING({ retryAfterS: 1 })
  }

  /** Keeps asking while a room changes hands. */
  const withOwner = async <T>(roomId: Id, untilMs: number, work: (owner: Owner) => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work(await ownerOf(roomId))
      } catch (error) {
        const passes = error instanceof Fault && PASSING.has(error.status) && !isClosed
        if (!passes || clock.monotonic() >= untilMs) throw error
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
      }
    }
  }

  const enter = <As extends Entered>(request: AttachRequest, into: Enter<As>): Promise<Attachment<As>> => {
    const join = (moving: LineRequest): Promise<Attachment<As>> =>
      withOwner(request.roomId, clock.monotonic() + MOVING_MS_MAX, (owner) => into(owner, moving))
    return new Place(request, { join, isClosed: () => isClosed, log }).enter()
  }

  const watchableAt = async (address: string, game: string | undefined): Promise<RoomDescription[]> => {
    try {
      return await inTime(lineTo(address).then((line) => line.watchable(game)))
    } catch (error) {
      log.warn({ err: error, address }, 'rooms of a process are missing in a list')
      return []
    }
  }

  const soon = (): number => clock.monotonic() + MOVING_MS_MAX / 3
  return {
    attach: (request) => enter<Joined>(request, (owner, moving) => owner.attach(moving)),
    spectate: (request) => enter<Watching>(request, (owner, moving) => owner.spectate(moving)),
    seat: (roomId, seat) => withOwner(roomId, soon(), (owner) => owner.seat(roomId, seat)),
    leave: (roomId, playerId) => withOwner(roomId, soon(), (owner) => owner.leave(roomId, playerId)),
    async describe(roomId) {
      try {
        return await withOwner(roomId, soon(), (owner) => owner.describe(roomId))
      } catch (error) {
        if (error instanceof Fault && error.code === 'ROOM_GONE') return null
        throw error
      }
    },
    async watchable(game) {
      const others = await Promise.all(options.others().map((address) => watchableAt(address, game)))
      return bestToWatch([...others.flat(), ...(local?.watchable(game) ?? [])], game)
    },
    close() {
      isClosed = true
      for (const line of lines.values()) line.then((open) => open.close()).catch(() => undefined)
    },
  }
}

/** The rooms of this process, asked as those of any other. */
export function localRooms(engine: Omit<HostedRooms, 'attach' | 'spectate'>): RoomsAnywhere {
  return {
    seat: (roomId, seat) => engine.seat(roomId, seat),
    leave: (roomId, playerId) => engine.leave(roomId, playerId),
    describe: async (roomId) => engine.describe(roomId),
    watchable: async (game) => engine.watchable(game),
  }
}

/** Rejects when the rest of the list has waited long enough. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(core.DEADLINE_EXCEEDED()), LIST_MS_MAX)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

interface Surroundings<As extends Entered> {
  /** Into the room at whoever owns it now. */
  readonly join: (request: LineRequest) => Promise<Attachment<As>>
  /** Whether this process enters no rooms any more. */
  readonly isClosed: () => boolean
  readonly log: Log
}

/** One player's or watcher's place in a room, wherever that is now. */
class Place<As extends Entered> {
  readonly #request: AttachRequest
  readonly #around: Surroundings<As>
  #now: Attachment<As> | undefined
  #isLeft = false
  /** The newest event that was heard: at its next owner the room tells what came after it. */
  #after: number | undefined

  constructor(request: AttachRequest, around: Surroundings<As>) {
    this.#request = request
    this.#around = around
    this.#after = request.after
  }

  async enter(): Promise<Attachment<As>> {
    const { joined } = await this.#enter()
    return {
      joined,
      input: (bytes) => this.#now?.input(bytes),
      detach: () => {
        this.#isLeft = true
        this.#now?.detach()
      },
    }
  }

  async #enter(): Promise<Attachment<As>> {
    const { roomId, playerId, sink } = this.#request
    const { join, isClosed } = this.#around
    let isOld = false
    const move = (): void => {
      if (isOld || this.#isLeft) return
      isOld = true
      this.#now = undefined
      if (isClosed()) sink.closed('stopped')
      else void this.#move()
    }
    const heard: RoomSink = {
      ...sink,
      event: (event, seq) => {
        this.#after = seq
        sink.event(event, seq)
      },
    }
    const moving = movingSink(heard, () => isOld, move)
    const now = await join({ roomId, playerId, sink: moving, lost: move, after: this.#after })
    this.#now = now
    if (this.#isLeft) now.detach()
    return now
  }

  /** Into the room at its new owner. The player hears nothing of it but a moment's silence. */
  async #move(): Promise<void> {
    const { roomId, playerId, sink } = this.#request
    const { log } = this.#around
    try {
      await this.#enter()
      log.info({ roomId, playerId }, 'a place moved with its room')
    } catch (error) {
      log.warn({ err: error, roomId, playerId }, 'a place was lost with its room')
      if (!this.#isLeft) sink.closed(error instanceof Fault && error.code === 'ROOM_GONE' ? 'ended' : 'stopped')
    }
  }
}

/** A room that stops here goes on elsewhere. What an owner says after it lost the room is not heard. */
function movingSink(sink: RoomSink, isOld: () => boolean, move: () => void): RoomSink {
  return {
    frame: (bytes) => void (isOld() || sink.frame(bytes)),
    event: (event, seq) => void (isOld() || sink.event(event, seq)),
    refused: (fault) => void (isOld() || sink.refused?.(fault)),
    closed(reason) {
      if (isOld()) return
      if (reason === 'stopped') move()
      else sink.closed(reason)
    },
  }
}
