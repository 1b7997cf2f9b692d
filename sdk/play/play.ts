import type { Foresight, Layout, Row, View, ViewLayout } from '@meydan/contracts/core'
import type { Entered } from '@meydan/contracts/socket'
import type { Room } from '../room.ts'
import { type Between, Playback } from './playback.ts'
import { Prediction } from './prediction.ts'
import { type Quality, QualityMeter } from './quality.ts'

/** After a pause (nothing drawn, nothing heard) at most this many ticks are made up for. */
const CATCH_UP_TICKS_MAX = 8

/** What a screen shows at one moment. */
export interface Frame<Own, V extends ViewLayout> {
  /** The tick at which the others are shown, with its fraction. */
  readonly shownTick: number
  /** The newest tick that can have come by now, with its fraction. */
  readonly arrivedTick: number
  /** The views around `shownTick`; undefined before the first. */
  readonly others: Between<View<V>> | undefined
  /** The own seat ahead of the server; undefined while there is nothing to foretell. */
  readonly own: Own | undefined
  /** Where the own seat is to be drawn: that place, with corrections smoothed. */
  readonly place: readonly number[] | undefined
  /** How far that is from where the rules say it is: what is left of corrections. */
  readonly correction: number
}

/**
 * One seat of a fast game as it is played on a screen: inputs go up once a tick and are played at once, the others follow smoothly.
 * Without a seat, watching, everybody is one of the others.
 * Draws nothing and has no timer: whoever draws calls `step` and `frame`, in milliseconds of the room's clock.
 */
export class Play<Own, In extends Layout = Layout, V extends ViewLayout = ViewLayout> {
  readonly #room: Pick<Room<In, V, Entered>, 'joined' | 'isOpen' | 'send' | 'onGrid' | 'onSnapshot' | 'onRejoined'>
  readonly #playback: Playback<View<V>>
  readonly #prediction: Prediction<Own, In, V> | undefined
  readonly #tickMs: number
  readonly #meter: QualityMeter
  /** Inputs have been made up to here. */
  #playedMs = Number.NEGATIVE_INFINITY
  /** Stops following the room. */
  readonly stop: () => void

  constructor(
    room: Pick<Room<In, V, Entered>, 'joined' | 'isOpen' | 'send' | 'onGrid' | 'onSnapshot' | 'onRejoined'>,
    foresight: Foresight<Own, In, V>,
  ) {
    this.#room = room
    this.#tickMs = room.joined.tickMs
    this.#playback = new Playback(this.#tickMs, room.joined.sendEveryTicks)
    this.#meter = new QualityMeter(foresight.jumpsBeyond)
    const { seat } = room.joined
    this.#prediction = seat === null ? undefined : new Prediction(foresight, seat)
    const stopRestarting = room.onRejoined(() => this.#prediction?.restart())
    const stopSeeing = room.onSnapshot((snapshot) => {
      this.#playback.add(snapshot)
      const { receivedAtMs } = snapshot
      this.#meter.add(this.#prediction?.correct(snapshot, receivedAtMs, this.#part(receivedAtMs)) ?? 0, receivedAtMs)
    })
    this.stop = () => {
      stopRestarting()
      stopSeeing()
    }
  }

  /** How far behind the promptest snapshots the others are shown, ms. */
  get delayMs(): number {
    return this.#playback.delayMs
  }

  /** Makes, plays and sends an input for each tick that has passed; none while the line is away, for nobody would hear of it. */
  step(nowMs: number, wish: () => Row<In>): void {
    if (!this.#prediction || !this.#room.isOpen) return
    if (this.#playedMs === Number.NEGATIVE_INFINITY) this.#playedMs = nowMs
    const passed = Math.floor((nowMs - this.#playedMs) / this.#tickMs)
    this.#playedMs += Math.max(0, passed - CATCH_UP_TICKS_MAX) * this.#tickMs
    while (this.#playedMs + this.#tickMs <= nowMs) {
      this.#playedMs += this.#tickMs
      const input = this.#room.onGrid(wish())
      const shownTick = this.#playback.shownTick(nowMs)
      const madeTick = Math.round(this.#playedMs / this.#tickMs)
      const seq = this.#room.send(input, shownTick)
      this.#prediction.apply(seq, input, { madeTick, seenTick: Math.round(shownTick) })
    }
  }

  frame(nowMs: number): Frame<Own, V> {
    const shownTick = this.#playback.shownTick(nowMs)
    return {
      shownTick,
      arrivedTick: this.#playback.arrivedTick(nowMs),
      others: this.#playback.around(shownTick),
      own: this.#prediction?.own,
      place: this.#prediction?.place(nowMs, this.#part(nowMs)),
      correction: this.#prediction?.correctionAt(nowMs) ?? 0,
    }
  }

  /** How far into its last tick the own seat is drawn, 0–1. */
  #part(nowMs: number): number {
    return Math.min(1, Math.max(0, (nowMs - this.#playedMs) / this.#tickMs))
  }

  /** What the match has been like on this link in the last ten seconds. */
  quality(nowMs: number): Quality {
    return this.#meter.quality(nowMs, this.delayMs)
  }

  /** The tick the server is at by now, with its fraction; `rttMs` is the client's. */
  serverTick(nowMs: number, rttMs: number): number {
    return this.#playback.clock.serverTick(nowMs, rttMs)
  }
}
