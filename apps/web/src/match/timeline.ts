/** A view and when it came, in `performance.now()` milliseconds. */
export interface Seen<V> {
  readonly tick: number
  readonly view: V
  readonly receivedAtMs: number
}

const KEPT = 32
/** Others are shown this far in the past, so that there is nearly always a later view to move towards. */
export const INTERPOLATION_MS = 100

/** Views over time, for showing others smoothly between them. */
export class Timeline<V> {
  readonly #tickMs: number
  #seen: Seen<V>[] = []
  /** Server time minus local time, by the promptest snapshot: late ones say more about the link than about the clock. */
  #offsetMs = Number.NEGATIVE_INFINITY

  constructor(tickMs: number) {
    this.#tickMs = tickMs
  }

  add(seen: Seen<V>): void {
    // A room that another process took over goes on from a snapshot that may be older than what was seen.
    if (seen.tick <= (this.#seen.at(-1)?.tick ?? -1)) {
      this.#seen = []
      this.#offsetMs = Number.NEGATIVE_INFINITY
    }
    this.#seen.push(seen)
    if (this.#seen.length > KEPT) this.#seen.shift()
    const offsetMs = seen.tick * this.#tickMs - seen.receivedAtMs
    // Sinks slowly, so that a clock that drifts or a link that grew longer is followed.
    this.#offsetMs = Math.max(this.#offsetMs - 0.05, offsetMs)
  }

  /** The tick the server is at, as the promptest snapshot tells, with its fraction. */
  serverTick(nowMs: number): number {
    return (nowMs + this.#offsetMs) / this.#tickMs
  }

  /** The tick to show others at, with its fraction. */
  shownTick(nowMs: number): number {
    return this.serverTick(nowMs) - INTERPOLATION_MS / this.#tickMs
  }

  newest(): V | undefined {
    return this.#seen.at(-1)?.view
  }

  /** The views around a tick and how far it is between them (0–1). */
  around(tick: number): { readonly from: V; readonly to: V; readonly part: number } | undefined {
    const after = this.#seen.find((seen) => seen.tick >= tick)
    const before = this.#seen.findLast((seen) => seen.tick <= tick)
    const to = after ?? before
    const from = before ?? after
    if (!from || !to) return undefined
    const part = to.tick === from.tick ? 1 : (tick - from.tick) / (to.tick - from.tick)
    return { from: from.view, to: to.view, part }
  }
}
