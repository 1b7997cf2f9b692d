import { Fault, type GameEvent, type Layout, type ViewLayout } from '@meydan/contracts/core'
import type { Entered } from '@meydan/contracts/socket'
import { handleOf } from '@meydan/contracts/wire'
import type { ClosedReason, Room } from './room.ts'
import type { EventFrame } from './socket.ts'

/** A room as the client holds it, whatever its game. */
type HeldRoom = Pick<
  Room<Layout, ViewLayout, Entered>,
  'joined' | 'eventSeq' | 'receive' | 'hear' | 'rejoined' | 'close' | 'onClosed'
>

/** Faults that pass: of a room that changes hands, or of a lost connection. */
const AWAY: ReadonlySet<string> = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'ROOM_MOVING'])
const ASK_AGAIN_MS = 500

/** Told on `room:<id>` when no more frames will come. */
const ROOM_CLOSED = 'ROOM_CLOSED'
const CLOSED_REASONS: readonly ClosedReason[] = ['ended', 'left', 'replaced', 'stopped']

/** Asks for the seat (or to watch, without one), and hands over the answer before anything that came behind it is handled. */
type TakeSeat = (room: HeldRoom, taken: (joined: Entered) => void) => Promise<void>

/** The seats this client holds, and the rooms it watches: hands rooms their frames and events, and takes seats again in a new session. */
export class Seats {
  readonly #rooms = new Map<string, HeldRoom>()
  /** Rooms of a lost session, until the new one has them. */
  readonly #astray = new Set<string>()
  readonly #join: TakeSeat
  #welcomes = 0

  constructor(join: TakeSeat) {
    this.#join = join
  }

  add(room: HeldRoom): void {
    const { roomId } = room.joined
    this.#rooms.get(roomId)?.close('replaced')
    this.#rooms.set(roomId, room)
    this.#astray.delete(roomId)
    room.onClosed(() => {
      if (this.#rooms.get(roomId) === room) this.#rooms.delete(roomId)
    })
  }

  /** Whether the room is there in the session that is now. */
  isTaken(roomId: string): boolean {
    return this.#rooms.has(roomId) && !this.#astray.has(roomId)
  }

  /** Hears an event of `room:<id>`; those of other topics are nothing to it. */
  hear({ topic, seq, event, data }: EventFrame): void {
    const [kind, roomId = ''] = topic.split(':')
    const room = kind === 'room' ? this.#rooms.get(roomId) : undefined
    if (!room || !isGameEvent(data, event)) return
    if (event !== ROOM_CLOSED) room.hear({ ...data, type: event }, seq)
    else room.close(CLOSED_REASONS.find((reason) => reason === data.reason) ?? 'lost')
  }

  receive(frame: Uint8Array): void {
    const handle = handleOf(frame)
    for (const [roomId, room] of this.#rooms) {
      // A new session gives its handles anew: until a seat is taken again, its old handle may be another room's.
      if (room.joined.handle === handle && !this.#astray.has(roomId)) room.receive(frame)
    }
  }

  /** A session goes on, or a new one has begun: in a new one every seat has to be taken again. */
  async welcome(isNew: boolean): Promise<void> {
    this.#welcomes++
    if (isNew) for (const roomId of this.#rooms.keys()) this.#astray.add(roomId)
    for (const roomId of [...this.#astray]) await this.#takeAgain(roomId)
  }

  close(): void {
    for (const room of [...this.#rooms.values()]) room.close('lost')
    this.#rooms.clear()
    this.#astray.clear()
  }

  /** A room that is just changing hands, or cannot be reached for a moment, is asked again. */
  async #takeAgain(roomId: string): Promise<void> {
    const askedBy = this.#welcomes
    for (;;) {
      await this.#tryAgain(roomId)
      if (!this.#astray.has(roomId)) return
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
      // Another welcome asks for itself, and none when the connection is lost.
      if (askedBy !== this.#welcomes || !this.#astray.has(roomId)) return
    }
  }

  async #tryAgain(roomId: string): Promise<void> {
    const room = this.#rooms.get(roomId)
    if (!room) {
      this.#astray.delete(roomId)
      return
    }
    try {
      await this.#join(room, (joined) => {
        if (this.#astray.delete(roomId)) room.rejoined(joined)
      })
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      if (AWAY.has(error.code)) return
      this.#astray.delete(roomId)
      room.close('lost')
    }
  }
}

/** Events of a room carry a game's plain data, which JSON and MessagePack give back as it was. */
function isGameEvent(data: unknown, type: string): data is GameEvent {
  return typeof data === 'object' && data !== null && type.length > 0
}
