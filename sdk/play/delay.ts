/** Three seconds of snapshots at 30 ms each: as long as the link's habits are remembered. */
const NEEDS_KEPT = 100
/** The share of snapshots for which the delay is long enough; what comes later makes the others stand still for a moment. */
const SERVED = 0.97
/** The first snapshots tell little: a delay for a link that is neither good nor bad. */
const FIRST_MS = 80
/** Longer gaps are no habit of the link: a game in which nothing changed, a stall, a tab that slept. */
const NEED_MS_MAX = 300

/**
 * How far behind the newest snapshots the others are shown, so that there is nearly always a later one to move towards: as little as
 * the link allows. Each snapshot tells how much delay would have been needed not to run dry before it came, whether it was the
 * server's rate, the link's jitter or a lost frame that made it needed.
 */
export class Delay {
  readonly #tickMs: number
  #needs: number[] = []
  #ticks: number

  constructor(tickMs: number) {
    this.#tickMs = tickMs
    this.#ticks = FIRST_MS / tickMs
  }

  /** In ticks, with a fraction. */
  get ticks(): number {
    return this.#ticks
  }

  /** A snapshot came when one of `arrivedTick` could have; the one before it was of `beforeTick`. */
  add(arrivedTick: number, beforeTick: number): void {
    const need = arrivedTick - beforeTick
    if (need * this.#tickMs > NEED_MS_MAX) return
    this.#needs.push(need)
    if (this.#needs.length > NEEDS_KEPT) this.#needs.shift()
    const sorted = this.#needs.toSorted((a, b) => a - b)
    const served = sorted[Math.ceil(SERVED * sorted.length) - 1] ?? 0
    // With few samples the guess counts for the rest.
    const known = this.#needs.length / NEEDS_KEPT
    this.#ticks = Math.max(served, (FIRST_MS / this.#tickMs) * (1 - known))
  }
}
