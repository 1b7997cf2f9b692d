/** The promptest tick's word sinks by so much of the time that passes: a clock that drifts or a line that grew longer is followed. */
const SINK = 1 / 300
/** How far beyond the server's last word the curve goes on by itself: some ticks late is a slow line, more is a lost one. */
const AHEAD_MS_MAX = 400
/** A difference is made up for in about so much time. */
const GLIDE_MS = 250
/** Time on the screen passes at most so much faster. */
const PACE_MAX = 2
/** A difference as large as this (a tab that was hidden, a line that was lost) is made up for at once. */
const JUMP_MS = 1_000

/**
 * For how long a round has been rising, as it is shown. The server's ticks say where it is; the one that came promptest tells most. Between them time
 * goes on by itself, differences are glided over, and what is shown never goes back. Times are ms; `nowMs` is of `performance.now()`.
 */
export class RoundClock {
  /** The server's elapsed time less the local one, by the promptest word. */
  #offsetMs = Number.NEGATIVE_INFINITY
  #heardAtMs = 0
  #heardMs = 0
  #shownMs: number | undefined
  #shownAtMs = 0

  /** The server said, in a message that comes now, that the round had been rising for so long. */
  hear(elapsedMs: number, nowMs: number): void {
    const sunkMs = this.#offsetMs - Math.max(0, nowMs - this.#heardAtMs) * SINK
    this.#offsetMs = Math.max(sunkMs, elapsedMs - nowMs)
    this.#heardAtMs = nowMs
    this.#heardMs = Math.max(this.#heardMs, elapsedMs)
  }

  /** What to show now; 0 before anything was heard. */
  at(nowMs: number): number {
    if (this.#offsetMs === Number.NEGATIVE_INFINITY) return 0
    const targetMs = Math.max(0, Math.min(nowMs + this.#offsetMs, this.#heardMs + AHEAD_MS_MAX))
    this.#shownMs = this.#shownMs === undefined ? targetMs : glided(this.#shownMs, targetMs, nowMs - this.#shownAtMs)
    this.#shownAtMs = nowMs
    return this.#shownMs
  }
}

/** Never beyond the target, and never back: where time stands, because nothing is heard, so does the curve. */
function glided(shownMs: number, targetMs: number, passedMs: number): number {
  const behindMs = targetMs - shownMs
  if (behindMs > JUMP_MS) return targetMs
  const pace = Math.min(PACE_MAX, 1 + Math.max(0, behindMs - passedMs) / GLIDE_MS)
  return Math.max(shownMs, Math.min(targetMs, shownMs + passedMs * pace))
}
