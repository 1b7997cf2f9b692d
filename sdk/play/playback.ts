import { TickClock } from './clock.ts'
import { Delay } from './delay.ts'

/** A view and when it came, in milliseconds of the local clock. */
export interface Seen<V> {
  readonly tick: number
  readonly view: V
  readonly receivedAtMs: number
}

/** Two views, and how far the moment shown is between them (0–1). */
export interface Between<V> {
  readonly from: V
  readonly to: V
  readonly part: number
}

const KEPT = 32
/** Time on the screen runs a tenth faster or slower to follow the delay: nobody sees that, and it makes up 100 ms in a second. */
const HURRY = 0.1
/** A longer gap between two snapshots is no loss: nothing changed, and so nothing was sent. */
const SILENCE_MS = 300
/** Farther off than this, it jumps: a tab that slept, a link that was away. */
const JUMP_MS = 500

/** Views over time, for showing the others smoothly between them, as little in the past as the link allows. */
export class Playback<V> {
  readonly clock: TickClock
  readonly #delay: Delay
  readonly #tickMs: number
  readonly #sendEveryTicks: number
  #seen: Seen<V>[] = []
  #shownTick = Number.NEGATIVE_INFINITY
  #shownAtMs = 0

  constructor(tickMs: number, sendEveryTicks: number) {
    this.#tickMs = tickMs
    this.#sendEveryTicks = sendEveryTicks
    this.clock = new TickClock(tickMs)
    this.#delay = new Delay(tickMs)
  }

  /** How far behind the promptest snapshot the others are to be shown, ms. */
  get delayMs(): number {
    return this.#delay.ticks * this.#tickMs
  }

  get newest(): V | undefined {
    return this.#seen.at(-1)?.view
  }

  add(seen: Seen<V>): void {
    const before = this.#seen.at(-1)
    // A room that another process took over goes on from a snapshot that may be older than what was seen.
    if (before && seen.tick <= before.tick) this.#reset()
    this.clock.add(seen.tick, seen.receivedAtMs)
    if (before) this.#delay.add(this.clock.arrivedTick(seen.receivedAtMs), before.tick)
    if (before && (seen.tick - before.tick) * this.#tickMs > SILENCE_MS) this.#bridge(before, seen)
    this.#seen.push(seen)
    if (this.#seen.length > KEPT) this.#seen.shift()
  }

  /**
   * The newest tick that can have come by now, with its fraction. What has come has come: also for a frame whose moment lies before that,
   * as a browser under load hands them out.
   */
  arrivedTick(nowMs: number): number {
    return Math.max(this.clock.arrivedTick(nowMs), this.#seen.at(-1)?.tick ?? Number.NEGATIVE_INFINITY)
  }

  /** The tick to show the others at, with its fraction: never one that was shown before, never one that has not come. */
  shownTick(nowMs: number): number {
    const wanted = this.#wantedTick(nowMs)
    const passed = Math.max(0, nowMs - this.#shownAtMs) / this.#tickMs
    const off = wanted - (this.#shownTick + passed)
    const isFar = !(Math.abs(off) * this.#tickMs < JUMP_MS)
    const steady = this.#shownTick + passed + Math.max(-HURRY * passed, Math.min(HURRY * passed, off))
    this.#shownAtMs = nowMs
    this.#shownTick = Math.min(isFar ? Math.max(wanted, this.#shownTick) : steady, this.#seen.at(-1)?.tick ?? wanted)
    return this.#shownTick
  }

  /** The views around a tick; undefined before the first. */
  around(tick: number): Between<V> | undefined {
    const after = this.#seen.find((seen) => seen.tick >= tick)
    const before = this.#seen.findLast((seen) => seen.tick <= tick)
    const to = after ?? before
    const from = before ?? after
    if (!from || !to) return undefined
    const part = to.tick === from.tick ? 1 : (tick - from.tick) / (to.tick - from.tick)
    return { from: from.view, to: to.view, part }
  }

  /** After a silence the old view was true until just before the new one; nobody sees the screen's time jump over it. */
  #bridge(before: Seen<V>, seen: Seen<V>): void {
    const tick = seen.tick - this.#sendEveryTicks
    this.#seen.push({ ...before, tick })
    this.#shownTick = Math.max(this.#shownTick, Math.min(tick, this.#wantedTick(seen.receivedAtMs)))
    this.#shownAtMs = seen.receivedAtMs
  }

  #wantedTick(nowMs: number): number {
    return this.clock.arrivedTick(nowMs) - this.#delay.ticks
  }

  #reset(): void {
    this.#seen = []
    this.clock.reset()
    this.#shownTick = Number.NEGATIVE_INFINITY
  }
}
