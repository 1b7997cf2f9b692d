import type { Foresight, Layout, Row, View, ViewLayout } from '@meydan/contracts/core'
import { Glide } from './glide.ts'

interface Pending<In extends Layout> {
  readonly seq: number
  readonly input: Row<In>
  readonly seenTick: number
}

/** What the server has said of the own seat. */
export interface Word<V extends ViewLayout> {
  readonly tick: number
  /** The last own input that the view includes. */
  readonly inputSeq: number
  readonly view: View<V>
}

/** Beyond this many unanswered inputs the link is so bad that guessing on would only mislead. */
const PENDING_MAX = 120

/** The own seat by the same rules the server plays, ahead of the server's answer. */
export class Prediction<Own, In extends Layout = Layout, V extends ViewLayout = ViewLayout> {
  readonly #foresight: Foresight<Own, In, V>
  readonly #seat: number
  readonly #glide: Glide
  #pending: Pending<In>[] = []
  #told: Own | undefined
  #toldTick = 0
  #own: Own | undefined
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
  apply(seq: number, input: Row<In>, seenTick: number): void {
    // A new session numbers inputs from the beginning again; what was sent in the old one is lost.
    if (seq <= (this.#pending.at(-1)?.seq ?? 0)) this.#pending = []
    this.#pending.push({ seq, input, seenTick })
    if (this.#pending.length > PENDING_MAX) this.#pending.shift()
    this.#before = this.#own
    if (this.#own !== undefined) {
      const tick = this.#toldTick + this.#pending.length
      this.#own = this.#foresight.step(this.#own, input, { tick, seenTick })
    }
  }

  /** The server's word: from there, inputs it has not seen yet are played again. What that changes is smoothed out; gives how far it is. */
  correct({ view, tick, inputSeq }: Word<V>, nowMs: number): number {
    const placeBefore = this.#place(1)
    this.#pending = this.#pending.filter(({ seq }) => seq > inputSeq)
    this.#told = this.#foresight.own(view, this.#seat, tick, this.#told)
    this.#toldTick = tick
    this.#own = this.#told
    this.#before = this.#told
    if (this.#own === undefined) {
      this.#pending = []
      this.#glide.reset()
      return 0
    }
    for (const [index, { input, seenTick }] of this.#pending.entries()) {
      this.#before = this.#own
      this.#own = this.#foresight.step(this.#own, input, { tick: tick + index + 1, seenTick })
    }
    const place = this.#place(1)
    if (!placeBefore || !place) return 0
    this.#glide.moved(placeBefore, place, nowMs)
    return Math.hypot(...place.map((value, axis) => value - (placeBefore[axis] ?? value)))
  }

  /** Where to draw the own seat, `part` (0–1) of the way into the last tick; undefined while there is nothing to foretell. */
  place(nowMs: number, part: number): readonly number[] | undefined {
    const off = this.#glide.at(nowMs)
    return this.#place(part)?.map((value, axis) => value + (off[axis] ?? 0))
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
