import type { Fault } from '@meydan/contracts/core'
import type { Clock } from '@meydan/kernel/time'
import type { Attachment } from '../rooms/face.ts'
import type { SharedFrame } from './frame.ts'
import { Ring } from './ring.ts'

const HANDLES = 0x1_0000

/** Where a session's frames go now. Sessions outlive connections. */
export interface Connection {
  /** Unique in the process: whatever a dying connection does is done under this, never under the session alone. */
  readonly id: number
  event(frame: SharedFrame): void
  /** A room frame, which may be dropped. */
  room(bytes: Uint8Array): void
  /** A room frame that came over this connection was bad, as its room says. */
  badRoomFrame(fault: Fault): void
  close(code: number, reason: string): void
}

/** Whose session it is, as a verified token said. */
export interface Owner {
  readonly playerId: string
  readonly sessionId: string
  readonly roles: readonly ('support' | 'admin')[]
  readonly actorId?: string | undefined
  readonly expiresAtMs: number
}

/** One client's standing with the server, over any number of connections. */
export class Session {
  readonly id: string
  owner: Owner | null
  readonly topics = new Set<string>()
  /** When the last connection was lost, on the monotonic clock; undefined while one is there. */
  lostAtMs: number | undefined

  readonly #clock: Clock
  readonly #ring = new Ring()
  #connection: Connection | undefined
  #rooms: Map<number, Attachment> | undefined
  #lastHandle = 0

  constructor(id: string, owner: Owner | null, clock: Clock) {
    this.id = id
    this.owner = owner
    this.#clock = clock
  }

  /** Rooms the session plays in or watches, by handle. Made for the first: of many sessions few play at a time. */
  get rooms(): Map<number, Attachment> {
    this.#rooms ??= new Map()
    return this.#rooms
  }

  /** A handle for one more room. Rooms of several processes are told apart by it, so it is the session's to give; it does not come back soon. */
  nextHandle(): number {
    do this.#lastHandle = (this.#lastHandle + 1) % HANDLES
    while (this.#rooms?.has(this.#lastHandle))
    return this.#lastHandle
  }

  get connection(): Connection | undefined {
    return this.#connection
  }

  /** Sends an event now, and keeps it for a resume. */
  deliver(frame: SharedFrame): void {
    this.#ring.push(frame)
    this.#connection?.event(frame)
  }

  /** Lets go of events that no resume may ask for any more, also in a session that hears nothing new. */
  forgetOld(): void {
    this.#ring.forget(this.#clock.monotonic())
  }

  /** Whether every event after the `received`-th is still here. */
  canResume(received: number): boolean {
    this.forgetOld()
    return this.#ring.holdsAllAfter(received)
  }

  /** The connection is the session's from now on; an earlier one is let go with `replacedCode`. */
  connect(connection: Connection, replacedCode: number): void {
    const earlier = this.#connection
    this.#connection = connection
    this.lostAtMs = undefined
    earlier?.close(replacedCode, 'the session went on over another connection')
  }

  /** Sends what came after the `received`-th event, once. */
  replay(received: number): void {
    for (const frame of this.#ring.after(received)) this.#connection?.event(frame)
  }

  /** A connection has gone. One that was replaced before has nothing left to do here. */
  disconnect(connectionId: number): void {
    if (this.#connection?.id !== connectionId) return
    this.#connection = undefined
    this.lostAtMs = this.#clock.monotonic()
  }
}
