/** The best offset seen sinks by so much of the time that passes: a clock that drifts or a link that grew longer is followed. */
const SINK = 1 / 600

/**
 * Which tick the server is at. A snapshot that came promptly tells most: what is late says more about the link than about the clock.
 * Ticks have fractions here; times are in milliseconds of one local clock that never goes back.
 */
export class TickClock {
  readonly #tickMs: number
  /** Server time minus local time, by the promptest snapshot. */
  #offsetMs = Number.NEGATIVE_INFINITY
  #atMs = 0

  constructor(tickMs: number) {
    this.#tickMs = tickMs
  }

  /** A snapshot of this tick came now. */
  add(tick: number, nowMs: number): void {
    const sunkMs = this.#offsetMs - Math.max(0, nowMs - this.#atMs) * SINK
    this.#offsetMs = Math.max(sunkMs, tick * this.#tickMs - nowMs)
    this.#atMs = nowMs
  }

  reset(): void {
    this.#offsetMs = Number.NEGATIVE_INFINITY
  }

  /** The newest tick that can have come by now: the server's, less a prompt snapshot's way. −Infinity before the first snapshot. */
  arrivedTick(nowMs: number): number {
    return (nowMs + this.#offsetMs) / this.#tickMs
  }

  /** The tick the server is at. `rttMs` is a round trip, of which a snapshot's way is believed to be half. */
  serverTick(nowMs: number, rttMs: number): number {
    return this.arrivedTick(nowMs) + rttMs / 2 / this.#tickMs
  }
}
