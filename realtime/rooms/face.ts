import type { Fault, Game, GameEvent, Id, Outcome, Plain } from '@meydan/contracts/core'
import type { Entered, Joined, Watching } from '@meydan/contracts/socket'

/** Where a room's frames for one player or watcher go: the gateway's connection, or a bot. */
export interface RoomSink {
  /** A binary room frame. May be dropped by a slow reader; the next one makes up for it. The bytes are lent for the call; the same array lent again differs in handle and input number alone. */
  frame(bytes: Uint8Array): void
  /** A game event: reliable, in order. `seq` grows from event to event, also when the room changes hands. */
  event(event: GameEvent, seq: number): void
  /** An input that was taken already was refused by the room's process, which is another. */
  refused?(fault: Fault): void
  /** No more frames will come: the room is over, the seat was given up, or another connection took the seat (or: watches). */
  closed(reason: 'ended' | 'left' | 'replaced' | 'stopped'): void
}

/** The line into a room of a player, or of somebody who watches (`joined.seat` is null). */
export interface Attachment<As extends Entered = Entered> {
  readonly joined: As
  /** One binary input frame, as it came off the wire. Bad bytes throw INVALID_INPUT, a watcher's inputs WATCHING_ONLY; both change nothing. */
  input(bytes: Uint8Array): void
  /** Stops the frames; the seat stays. */
  detach(): void
}

/** The rooms as the gateway sees them; in another process it is reached over a link. */
export interface RoomDoor {
  /** Throws NOT_SEATED, ROOM_GONE. A second attachment of one player replaces the first. */
  attach(request: AttachRequest): Promise<Attachment<Joined>>
  /** Without a seat. Throws ROOM_GONE, SEATED, NOT_WATCHABLE, AUDIENCE_FULL. One player watches a room over one attachment. */
  spectate(request: AttachRequest): Promise<Attachment<Watching>>
}

export interface AttachRequest {
  readonly roomId: Id
  readonly playerId: Id
  readonly sink: RoomSink
  /** What was told after this number is told again, as far as the room has it; undefined: only what comes from now on. */
  readonly after?: number | undefined
}

/** A running room as others see it. */
export interface RoomDescription {
  readonly roomId: Id
  readonly game: string
  readonly startedAtMs: number
  /** Those that were not left. */
  readonly seats: readonly { index: number; playerId: Id; name: string; bot: boolean }[]
  /** How many people watch. */
  readonly watching: number
}

export interface SeatRequest {
  readonly playerId: Id
  readonly name: string
  readonly bot: boolean
  /** For bots: 0–1. */
  readonly skill?: number | undefined
}

export interface OpenRequest {
  readonly roomId: Id
  readonly game: string
  readonly seats: readonly SeatRequest[]
  readonly options: { readonly [key: string]: Plain }
  readonly seed: number
}

/** Told once when a room is over. `outcome` is null when it was stopped without a result. */
export interface RoomEnd {
  readonly roomId: Id
  readonly game: string
  readonly gameVersion: number
  readonly seed: number
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly reason: string
  readonly outcome: Outcome | null
  readonly seats: readonly { index: number; playerId: Id; name: string; bot: boolean; left: boolean }[]
}

/** The engine as `services/rooms` drives it. */
export interface RoomEngine extends RoomDoor {
  readonly games: ReadonlyMap<string, Game>
  /** Whether this process holds as many rooms as it may. */
  readonly isFull: boolean
  /** Idempotent by `roomId`. Throws UNKNOWN_GAME, and UNAVAILABLE when this process holds as many rooms as it may. */
  open(request: OpenRequest): Promise<void>
  /**
   * Takes over a room from its snapshot when its lease is free; false when there is nothing to take over. Throws CONFLICT while another
   * process owns it, and UNAVAILABLE when this one holds as many rooms as it may.
   */
  restore(roomId: Id): Promise<boolean>
  /** The seat's index. Idempotent by player. Throws ROOM_GONE, ROOM_FULL. A bot gives way when the room is full. */
  seat(roomId: Id, seat: SeatRequest): Promise<number>
  /** For good. Throws ROOM_GONE, NOT_SEATED. When the last person has left, the room ends. */
  leave(roomId: Id, playerId: Id): Promise<void>
  describe(roomId: Id): RoomDescription | null
  /** Of the rooms that run here and may be watched, of one game or of all, the best (`bestToWatch`). */
  watchable(game: string | undefined): RoomDescription[]
  onEnd(listener: (end: RoomEnd) => void): void
  /** `ask` tells whether a room is still registered as running here: asked before one goes on whose lease ran out. */
  registeredBy(ask: (roomId: Id) => Promise<boolean>): void
  start(): void
  /** Ends when all rooms are over or `deadlineMs` (a duration) has passed; rooms that remain are snapshot. */
  drain(deadlineMs: number): Promise<void>
  stop(): Promise<void>
}
