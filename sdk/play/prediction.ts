import type { Foresight, Layout, Row, View, ViewLayout } from '@meydan/contracts/core'
import { Glide } from './glide.ts'
import { Lead } from './lead.ts'

/** When an input was made, and what its player was looking at. */
export interface Made {
  /** By the local clock: one more each tick, whether or not an input is made in it. */
  readonly madeTick: number
  /** The tick at which the others were shown. */
  readonly seenTick: number
}

interface Pending<In extends Layout> extends Made {
  readonly seq: number
  readonly input: Row<In>
}

/** What the server has said of the own seat. */
export interface Word<V extends ViewLayout> {
  readonly tick: number
  /** The last own input that the view includes. */
  readonly inputSeq: number
  readonly view: View<V>
}

/** So far beyond the server's last word the own seat is played on; then it stands still: guessing on would only mislead. */
const AHEAD_TICKS_MAX = 64
/** Inputs that wait for an answer; more are of a link that has long been away. */
const PENDING_MAX = 2 * AHEAD_TICKS_MAX

/**
 * The own seat by the same rules the server plays, ahead of the server's answer. What counts is the tick an input is for: the server plays each tick
 * once, with the inputs that have come by then or else with the last one again, and makes nothing up for those that come late.
 */
export class Prediction<Own, In extends Layout = Layout, V extends ViewLayout = ViewLayout> {
  readonly #foresight: Foresight<Own, In, V>
  readonly #seat: number
  readonly #glide: Glide
  readonly #lead = new Lead()
  /** The last input that the server has applied, and those that it has not; oldest first. */
  #pending: Pending<In>[] = []
  #told: Own | undefined
  #toldTick = Number.NEGATIVE_INFINITY
  #own: Own | undefined
  #ownTick = Number.NEGATIVE_INFINITY
  #before: Own | undefined

  constructor(foresight: Foresight<Own, In, V>, seat: number) {
    this.#foresight = foresight
    this.#seat = seat
    this.#glide = new Glide(foresight.jumpsBeyond)
  }

  /** After the last input; undefined while there is nothing to foretell. */
  get own(): Own | undefined {
    return this.#own
  }

  /** How far what is drawn is from where the rules say it is: what is left of corrections. */
  correctionAt(nowMs: number): number {
    return Math.hypot(...this.#glide.at(nowMs))
  }

  /** One tick of the player's own input, at once. The input is as the server will read it. */
  apply(seq: number, input: Row<In>, made: Made): void {
    this.#pending.push({ seq, input, ...made })
    if (this.#pending.length > PENDING_MAX) this.#pending.shift()
    this.#before = this.#own
    this.#playOn()
  }

  /**
   * The server's word: from there the ticks up to the newest input's are played again. What that changes is smoothed out, as drawn `part` of
   * the way into the last tick; gives how far it is.
   */
  correct({ view, tick, inputSeq }: Word<V>, nowMs: number, part = 1): number {
    // A room that another process took over goes on from a snapshot that is older than what was told.
    if (tick < this.#toldTick) this.restart()
    const drawn = this.#place(part)
    this.#hear(tick, inputSeq)
    this.#told = this.#foresight.own(view, this.#seat, tick, this.#told)
    this.#toldTick = tick
    this.#own = this.#told
    this.#before = this.#told
    this.#ownTick = tick
    if (this.#own === undefined) this.#glide.reset()
    this.#playOn()
    const place = this.#place(part)
    if (!drawn || !place) return 0
    this.#glide.moved(drawn, place, nowMs)
    return Math.hypot(...place.map((value, axis) => value - (drawn[axis] ?? value)))
  }

  /** A new session: inputs are numbered from the beginning again, and what was sent in the old one is lost. */
  restart(): void {
    this.#pending = []
    this.#lead.reset()
  }

  /** Where to draw the own seat, `part` (0–1) of the way into the last tick; undefined while there is nothing to foretell. */
  place(nowMs: number, part: number): readonly number[] | undefined {
    const off = this.#glide.at(nowMs)
    return this.#place(part)?.map((value, axis) => value + (off[axis] ?? 0))
  }

  #hear(tick: number, inputSeq: number): void {
    const applied = this.#pending.find(({ seq }) => seq === inputSeq)
    if (applied) this.#lead.add(tick, applied.madeTick)
    this.#pending = this.#pending.filter(({ seq }) => seq >= inputSeq)
  }

  #playOn(): void {
    const [oldest] = this.#pending
    const newest = this.#pending.at(-1)
    if (!oldest || !newest) return
    const untilTick = Math.min(this.#tickOf(newest), this.#toldTick + AHEAD_TICKS_MAX)
    while (this.#own !== undefined && this.#ownTick < untilTick) {
      const tick = ++this.#ownTick
      const { input, seenTick } = this.#pending.findLast((made) => this.#tickOf(made) <= tick) ?? oldest
      this.#before = this.#own
      this.#own = this.#foresight.step(this.#own, input, { tick, seenTick })
    }
  }

  /** The tick that the server will play with an input. While nothing is known of that, the oldest one is for the tick after its last word. */
  #tickOf({ madeTick }: Made): number {
    const lead = this.#lead.ticks ?? this.#toldTick + 1 - (this.#pending[0]?.madeTick ?? madeTick)
    return madeTick + lead
  }

  #place(part: number): readonly number[] | undefined {
    if (this.#own === undefined) return undefined
    const to = this.#foresight.place(this.#own)
    const from = this.#before === undefined ? to : this.#foresight.place(this.#before)
    return to.map((value, axis) => {
      const start = from[axis] ?? value
      return start + (value - start) * part
    })
  }
}
