import type { Game, GameEvent, Id, Outcome, Plain } from '@meydan/contracts/core'
import type { Joined } from '@meydan/contracts/socket'

/** Where a room's frames for one player go: the gateway's connection, or a bot. */
export interface RoomSink {
  /** A binary room frame. May be dropped by a slow reader; the next one makes up for it. The bytes may be shared: do not write to them. */
  frame(bytes: Uint8Array): void
  /** A game event: reliable, in order. */
  event(event: GameEvent): void
  /** No more frames will come: the room is over, the seat was given up, or another connection took the seat. */
  closed(reason: 'ended' | 'left' | 'replaced' | 'stopped'): void
}

/** A player's line into a room. */
export interface Attachment {
  readonly joined: Joined
  /** One binary input frame, as it came off the wire. Bad bytes throw INVALID_INPUT and change nothing. */
  input(bytes: Uint8Array): void
  /** Stops the frames; the seat stays. */
  detach(): void
}

/** The rooms as the gateway sees them; in another process it is reached over a link. */
export interface RoomDoor {
  /** Throws NOT_SEATED, ROOM_GONE. A second attachment of one player replaces the first. */
  attach(request: { roomId: Id; playerId: Id; sink: RoomSink }): Promise<Attachment>
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
  /** Idempotent by `roomId`. Throws UNKNOWN_GAME, and UNAVAILABLE when this process holds as many rooms as it may. */
  open(request: OpenRequest): Promise<void>
  /** The seat's index. Idempotent by player. Throws ROOM_GONE, ROOM_FULL. A bot gives way when the room is full. */
  seat(roomId: Id, seat: SeatRequest): Promise<number>
  /** For good. Throws ROOM_GONE, NOT_SEATED. When the last person has left, the room ends. */
  leave(roomId: Id, playerId: Id): Promise<void>
  describe(roomId: Id): {
    game: string
    startedAtMs: number
    seats: readonly { index: number; playerId: Id; name: string; bot: boolean }[]
  } | null
  onEnd(listener: (end: RoomEnd) => void): void
  start(): void
  /** Ends when all rooms are over or `deadlineMs` (a duration) has passed; rooms that remain are snapshot. */
  drain(deadlineMs: number): Promise<void>
  stop(): Promise<void>
}
