import type { GameEvent, Layout, Row, ViewLayout } from '@meydan/contracts/core'
import type { Joined } from '@meydan/contracts/socket'
import { InputCodec, SnapshotDecoder, type ViewTables } from '@meydan/contracts/wire'
import { Emitter } from './emitter.ts'

export interface SnapshotEvent<V extends ViewLayout> {
  readonly tick: number
  /** The last of this client's inputs that the view includes. */
  readonly inputSeq: number
  readonly view: ViewTables<V>
  /** `performance.now()` when it came. */
  readonly receivedAtMs: number
}

export type ClosedReason = 'ended' | 'left' | 'replaced' | 'stopped' | 'lost'

/** The part of a game that travels: what a client must know to read views and write inputs. */
export interface Layouts<In extends Layout, V extends ViewLayout> {
  readonly inputLayout: In
  readonly viewLayout: V
}

/** What a room needs of its client. */
export interface RoomLine {
  send(frame: Uint8Array<ArrayBuffer>): void
  leave(roomId: string): Promise<unknown>
}

/** Each input goes out this many times, so that one lost frame loses nothing. */
const REPEATS = 3
const ACK_AFTER_MS = 100

/** A seat in a running game: inputs go up, views come down. */
export class Room<In extends Layout = Layout, V extends ViewLayout = ViewLayout> {
  readonly onSnapshot: Emitter<[SnapshotEvent<V>]>['on']
  readonly onEvent: Emitter<[GameEvent]>['on']
  readonly onClosed: Emitter<[ClosedReason]>['on']
  joined: Joined
  tick = 0
  inputSeq = 0
  view: ViewTables<V>

  readonly #game: Layouts<In, V>
  readonly #codec: InputCodec<In>
  readonly #line: RoomLine
  readonly #snapshots = new Emitter<[SnapshotEvent<V>]>()
  readonly #events = new Emitter<[GameEvent]>()
  readonly #closes = new Emitter<[ClosedReason]>()
  readonly #acking: ReturnType<typeof setInterval>
  #decoder: SnapshotDecoder<V>
  #recent: Row<In>[] = []
  #seq = 0
  #sentAckTick = -1
  #isClosed = false

  constructor(joined: Joined, game: Layouts<In, V>, line: RoomLine) {
    this.joined = joined
    this.#game = game
    this.#line = line
    this.#codec = new InputCodec(game.inputLayout)
    this.#decoder = new SnapshotDecoder(game.viewLayout)
    this.view = this.#decoder.plan.tablesOf([])
    this.onSnapshot = this.#snapshots.on
    this.onEvent = this.#events.on
    this.onClosed = this.#closes.on
    this.#acking = setInterval(() => this.#acknowledge(), ACK_AFTER_MS)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Sends an input and gives its number; the server has applied it once `inputSeq` reaches that. */
  send(input: Row<In>): number {
    this.#seq++
    this.#recent.push(input)
    if (this.#recent.length > REPEATS) this.#recent.shift()
    this.#write(this.#recent)
    return this.#seq
  }

  /** Gives the seat up for good. */
  async leave(): Promise<void> {
    await this.#line.leave(this.joined.roomId)
  }

  /** A binary frame of this room. One that cannot be read is dropped: the next full view makes up for it. */
  receive(frame: Uint8Array): void {
    const snapshot = this.#decoder.decode(frame)
    if (!snapshot) return
    this.tick = snapshot.tick
    this.inputSeq = snapshot.inputSeq
    this.view = this.#decoder.plan.tablesOf(snapshot.view)
    const { tick, inputSeq, view } = this
    this.#snapshots.emit({ tick, inputSeq, view, receivedAtMs: performance.now() })
  }

  hear(event: GameEvent): void {
    this.#events.emit(event)
  }

  /** The same room over a new session: numbers and baselines begin again. */
  rejoined(joined: Joined): void {
    this.joined = joined
    this.#decoder = new SnapshotDecoder(this.#game.viewLayout)
    this.#recent = []
    this.#seq = 0
    this.#sentAckTick = -1
  }

  close(reason: ClosedReason): void {
    if (this.#isClosed) return
    this.#isClosed = true
    clearInterval(this.#acking)
    this.#closes.emit(reason)
  }

  #acknowledge(): void {
    if (this.#decoder.ackTick !== this.#sentAckTick) this.#write([])
  }

  #write(inputs: readonly Row<In>[]): void {
    this.#sentAckTick = this.#decoder.ackTick
    const frame = this.#codec.encode(this.joined.handle, { ackTick: this.#sentAckTick, seq: this.#seq, inputs })
    this.#line.send(new Uint8Array(frame))
  }
}
