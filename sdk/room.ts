import { Fault, type GameEvent, type Layout, type Row, type View, type ViewLayout } from '@meydan/contracts/core'
import type { Joined } from '@meydan/contracts/socket'
import { InputCodec, NO_TICK, SnapshotDecoder } from '@meydan/contracts/wire'
import { Emitter } from './emitter.ts'

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
  leave(roomId: string): Promise<unknown>
  /** Milliseconds since an arbitrary moment; `performance.now()` unless given. */
  nowMs?(): number
}

/** Each input goes out this many times, so that one lost frame loses nothing. */
const REPEATS = 3
const ACK_EVERY_MS = 100
/** Events kept for the first listener, who can only come once the join has been answered. */
const UNHEARD_MAX = 64

/** A seat in a running game: inputs go up, views come down. */
export class Room<In extends Layout = Layout, V extends ViewLayout = ViewLayout> {
  readonly onSnapshot: Emitter<[SnapshotEvent<V>]>['on']
  /** What the server said at the last join: seat, tick length, who else is there. */
  joined: Joined
  /** Of the newest snapshot. */
  tick = 0
  inputSeq = 0
  view: View<V>

  readonly #game: Layouts<In, V>
  readonly #codec: InputCodec<In>
  readonly #line: RoomLine
  readonly #snapshots = new Emitter<[SnapshotEvent<V>]>()
  readonly #events = new Emitter<[GameEvent]>()
  readonly #closes = new Emitter<[ClosedReason]>()
  #decoder: SnapshotDecoder<V>
  #recent: Row<In>[] = []
  #seq = 0
  #wroteAtMs = Number.NEGATIVE_INFINITY
  #unheard: GameEvent[] | undefined = []
  #closedBy: ClosedReason | undefined

  constructor(joined: Joined, game: Layouts<In, V>, line: RoomLine) {
    this.joined = joined
    this.#game = game
    this.#line = line
    this.#codec = new InputCodec(game.inputLayout)
    this.#decoder = new SnapshotDecoder(game.viewLayout)
    this.view = this.#decoder.plan.tablesOf([])
    this.onSnapshot = this.#snapshots.on
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
   * `shownTick` is the tick at which the others are shown: a game that compensates for lag decides hits by it.
   */
  send(input: Row<In>, shownTick?: number): number {
    if (this.isClosed) return this.#seq
    this.#seq++
    this.#recent.push(input)
    if (this.#recent.length > REPEATS) this.#recent.shift()
    this.#write(this.#recent, shownTick)
    return this.#seq
  }

  /** An input as the server will read it: clamped, and on the grid of the layout. */
  onGrid(input: Row<In>): Row<In> {
    return this.#codec.onGrid(input)
  }

  /** Gives the seat up for good. */
  async leave(): Promise<void> {
    await this.#line.leave(this.joined.roomId)
  }

  /** A binary frame of this room. After one that cannot be read the server is asked for a whole view. */
  receive(frame: Uint8Array): void {
    try {
      const snapshot = this.#decoder.decode(frame)
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
    // Inputs acknowledge by the way; only a player who sends none needs a frame for it. No timer: a hidden tab has slow ones.
    if (receivedAtMs - this.#wroteAtMs >= ACK_EVERY_MS) this.#write([])
    this.#snapshots.emit({ tick, inputSeq, view, receivedAtMs })
  }

  hear(event: GameEvent): void {
    if (!this.#unheard) this.#events.emit(event)
    else if (this.#unheard.length < UNHEARD_MAX) this.#unheard.push(event)
  }

  /** The same room over a new session: numbers and baselines begin again. */
  rejoined(joined: Joined): void {
    this.joined = joined
    this.#decoder = new SnapshotDecoder(this.#game.viewLayout)
    this.#recent = []
    this.#seq = 0
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
    const frame = this.#codec.encode(this.joined.handle, { ackTick, seq: this.#seq, inputs, behindTicks })
    this.#line.send(new Uint8Array(frame))
  }
}
