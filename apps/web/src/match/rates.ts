/** Snapshots are counted over so long. */
const WINDOW_MS = 2_000

/** How often the server is heard, for the player who wants to know. */
export class Rates {
  /** How far in the past the others are shown, ms. */
  delayMs = 0
  #heardAtMs: number[] = []

  /** A snapshot came; the others are shown so far in the past. */
  heard(nowMs: number, delayMs: number): void {
    this.delayMs = delayMs
    this.#heardAtMs.push(nowMs)
    this.#forget(nowMs)
  }

  /** Snapshots a second, over the last two. */
  perSecond(nowMs: number): number {
    this.#forget(nowMs)
    return (this.#heardAtMs.length * 1_000) / WINDOW_MS
  }

  #forget(nowMs: number): void {
    const fresh = this.#heardAtMs.findIndex((atMs) => nowMs - atMs < WINDOW_MS)
    this.#heardAtMs.splice(0, fresh < 0 ? this.#heardAtMs.length : fresh)
  }
}
