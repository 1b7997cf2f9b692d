import { Fault, type GameEvent, type Layout, type Row, type View, type ViewLayout } from '@meydan/contracts/core'
import type { Entered, Joined } from '@meydan/contracts/socket'
import { InputCodec, NO_TICK, SnapshotDecoder } from '@meydan/contracts/wire'
import { Emitter } from './emitter.ts'
import { Uplink } from './uplink.ts'

export interface SnapshotEvent<V extends ViewLayout> {
  readonly tick: number
  /** The last of this client's inputs that the view includes. */
  readonly inputSeq: number
  readonly view: View<V>
  /** When it came, by the clock of the room's line: `performance.now()`. */
  readonly receivedAtMs: number
}

/** `ended`: the match is over. `left`: the seat was given up. `lost`: the room did not outlive a lost session. */
export type ClosedReason = 'ended' | 'left' | 'replaced' | 'stopped' | 'lost'

/** The part of a game that travels: what a client must know to read views and write inputs. */
export interface Layouts<In extends Layout, V extends ViewLayout> {
  readonly inputLayout: In
  readonly viewLayout: V
}

/** What a room needs of its client. */
export interface RoomLine {
  send(frame: Uint8Array<ArrayBuffer>): void
  /** Gives up the seat, or stops watching. */
  leave(joined: Entered): Promise<unknown>
  /** Milliseconds since an arbitrary moment; `performance.now()` unless given. */
  nowMs?(): number
  /** Bytes that were given to `send` and have not left this machine; 0 unless given. */
  waitingBytes?(): number
  /** Whether what is sent now can reach the room; it can unless given. */
  isOpen?(): boolean
}

const ACK_EVERY_MS = 100
/** Events kept for the first listener, who can only come once the join has been answered. */
const UNHEARD_MAX = 64

/** A seat in a running game: inputs go up, views come down. As `Watching` there is no seat (`joined.seat` is null), and no inputs go up. */
export class Room<In extends Layout = Layout, V extends ViewLayout = ViewLayout, As extends Entered = Joined> {
  readonly onSnapshot: Emitter<[SnapshotEvent<V>]>['on']
  /** The seat was taken again in a new session: inputs are numbered from the beginning again. */
  readonly onRejoined: Emitter<[]>['on']
  /** What the server said at the last join: seat, tick length, who else is there. */
  joined: As
  /** Of the newest snapshot. */
  tick = 0
  inputSeq = 0
  view: View<V>
  /** The number of the newest event that was heard. */
  eventSeq: number

  readonly #game: Layouts<In, V>
  readonly #codec: InputCodec<In>
  readonly #line: RoomLine
  readonly #snapshots = new Emitter<[SnapshotEvent<V>]>()
  readonly #rejoins = new Emitter<[]>()
  readonly #events = new Emitter<[GameEvent]>()
  readonly #closes = new Emitter<[ClosedReason]>()
  #decoder: SnapshotDecoder<V>
  #uplink = new Uplink<Row<In>>()
  #wroteAtMs = Number.NEGATIVE_INFINITY
  #unheard: GameEvent[] | undefined = []
  #closedBy: ClosedReason | undefined

  constructor(joined: As, game: Layouts<In, V>, line: RoomLine) {
    this.joined = joined
    this.eventSeq = joined.eventSeq
    this.#game = game
    this.#line = line
    this.#codec = new InputCodec(game.inputLayout)
    this.#decoder = new SnapshotDecoder(game.viewLayout)
    this.view = this.#decoder.plan.tablesOf([])
    this.onSnapshot = this.#snapshots.on
    this.onRejoined = this.#rejoins.on
  }

  /** Whether this is a room without a seat in it. */
  get isWatching(): boolean {
    return this.joined.seat === null
  }

  /** Whether the line to the room is there: it is not while the connection is lost, nor until the seat has been taken again. */
  get isOpen(): boolean {
    return !this.isClosed && (this.#line.isOpen?.() ?? true)
  }

  get isClosed(): boolean {
    return this.#closedBy !== undefined
  }

  /** Events of the game. The first listener hears also what came before it. */
  onEvent(listener: (event: GameEvent) => void): () => void {
    const off = this.#events.on(listener)
    const unheard = this.#unheard ?? []
    this.#unheard = undefined
    queueMicrotask(() => {
      for (const event of unheard) this.#events.emit(event)
    })
    return off
  }

  /** The room's end, once; a listener that comes after it is told all the same. */
  onClosed(listener: (reason: ClosedReason) => void): () => void {
    const reason = this.#closedBy
    if (reason === undefined) return this.#closes.on(listener)
    let isWanted = true
    queueMicrotask(() => {
      if (isWanted) listener(reason)
    })
    return () => {
      isWanted = false
    }
  }

  /**
   * Sends an input and gives its number; the server has applied it once `inputSeq` reaches that. Values are clamped to the layout.
   * `shownTick` is the tick at which the others are shown: a game that compensates for lag decides hits by it. Who watches sends nothing.
   */
  send(input: Row<In>, shownTick?: number): number {
    if (this.isClosed || this.isWatching) return this.#uplink.seq
    const seq = this.#uplink.push(input)
    const inputs = this.#uplink.due(this.#nowMs(), this.#line.waitingBytes?.() ?? 0)
    if (inputs) this.#write(inputs, shownTick)
    return seq
  }

  /** An input as the server will read it: clamped, and on the grid of the layout. */
  onGrid(input: Row<In>): Row<In> {
    return this.#codec.onGrid(input)
  }

  /** Gives the seat up for good, or stops watching. */
  async leave(): Promise<void> {
    try {
      await this.#line.leave(this.joined)
    } finally {
      // Of a seat that was given up the server tells; of somebody who watches no more there is nothing to tell.
      if (this.isWatching) this.close('left')
    }
  }

  /** A binary frame of this room. After one that cannot be read the server is asked for a whole view. */
  receive(frame: Uint8Array): void {
    try {
      const snapshot = this.#decoder.decode(frame, this.#uplink.sentSeq)
      if (!snapshot) return
      this.tick = snapshot.tick
      this.inputSeq = snapshot.inputSeq
      this.view = this.#decoder.plan.tablesOf(snapshot.view)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      // Without an acknowledged tick the next snapshot stands on its own.
      this.#decoder = new SnapshotDecoder(this.#game.viewLayout)
      this.#write([])
      return
    }
    const { tick, inputSeq, view } = this
    const receivedAtMs = this.#nowMs()
    this.#uplink.applied(inputSeq, receivedAtMs)
    // Inputs acknowledge by the way; only a player who sends none needs a frame for it. No timer: a hidden tab has slow ones.
    if (receivedAtMs - this.#wroteAtMs >= ACK_EVERY_MS) this.#write([])
    this.#snapshots.emit({ tick, inputSeq, view, receivedAtMs })
  }

  /** Each event once, in order: after a lost connection some are told again. */
  hear(event: GameEvent, seq: number): void {
    if (seq <= this.eventSeq) return
    this.eventSeq = seq
    if (!this.#unheard) this.#events.emit(event)
    else if (this.#unheard.length < UNHEARD_MAX) this.#unheard.push(event)
  }

  /** The same room over a new session: numbers and baselines begin again. */
  rejoined(joined: As): void {
    this.joined = joined
    this.eventSeq = Math.max(this.eventSeq, joined.eventSeq)
    this.#decoder = new SnapshotDecoder(this.#game.viewLayout)
    this.#uplink = new Uplink()
    this.#rejoins.emit()
  }

  close(reason: ClosedReason): void {
    if (this.#closedBy !== undefined) return
    this.#closedBy = reason
    this.#closes.emit(reason)
  }

  #nowMs(): number {
    return this.#line.nowMs?.() ?? performance.now()
  }

  #write(inputs: readonly Row<In>[], shownTick?: number): void {
    if (this.isClosed) return
    this.#wroteAtMs = this.#nowMs()
    const { ackTick } = this.#decoder
    const behindTicks = shownTick === undefined || ackTick === NO_TICK ? undefined : ackTick - shownTick
    const frame = this.#codec.encode(this.joined.handle, { ackTick, seq: this.#uplink.sentSeq, inputs, behindTicks })
    this.#line.send(new Uint8Array(frame))
  }
}
