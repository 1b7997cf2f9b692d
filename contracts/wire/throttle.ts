/**
 * The promptest of so many acknowledgements, over so long a time, tells what stands in line on the link. What was late for a moment (a lost segment, that TCP
 * sent again, and all behind it) does not count. The idea is CoDel's (RFC 8289).
 */
const LOOK = { ms: 500, samples: 6 } as const
/** After a try to send more, whose failure is to be noticed before much has piled up. */
const LOOK_AFTER_TRY = { ms: 100, samples: 3 } as const
/** With so much standing in line the link gets more than it carries, and with so little it may get more. */
const STANDING_MS = 250
/** This much, and half as often will not do. */
const MUCH_MS = 500
const CLEAR_MS = 150
/** How long the line must have been clear before more is tried; twice as long after each try that filled it again. */
const PATIENCE_MS = 2_000
const PATIENCE_MS_MAX = 8_000
/** One in eight: little is added then to what stands in line, and it gets less. */
export const LEVEL_MAX = 3
const FALLEN_MS = 50
/** What is usual may rise by so much of the time that passes. */
const USUAL_RISE = 0.005

/**
 * How much less often to send over a link, told by how long acknowledgements take: what is sent beyond what a link carries waits in
 * some buffer on the way, and all that comes after it is late. Times are of one clock that never goes back, in ms.
 */
export class Throttle {
  /** Send every 2^level-th time. */
  level = 0
  #usualMs = Number.POSITIVE_INFINITY
  #heardMs = 0
  #promptestMs = Number.POSITIVE_INFINITY
  #lookSinceMs = 0
  #samples = 0
  /** The promptest of the look before, at the highest level. */
  #beforeMs = Number.POSITIVE_INFINITY
  #changedMs = Number.NEGATIVE_INFINITY
  #hasTried = false
  #patienceMs = PATIENCE_MS

  /** Something was acknowledged `tookMs` after it had been sent. */
  add(tookMs: number, nowMs: number): void {
    this.#usualMs = Math.min(this.#usualMs + (nowMs - this.#heardMs) * USUAL_RISE, tookMs)
    this.#heardMs = nowMs
    // What was under way when the level changed tells of the level before.
    if (nowMs - tookMs < this.#changedMs) return
    if (this.#samples++ === 0) this.#lookSinceMs = nowMs
    this.#promptestMs = Math.min(this.#promptestMs, tookMs)
    const { ms, samples } = this.#hasTried ? LOOK_AFTER_TRY : LOOK
    if (nowMs - this.#lookSinceMs < ms || this.#samples < samples) return
    this.#look(this.#promptestMs - this.#usualMs, nowMs)
    this.#forget()
  }

  #look(standingMs: number, nowMs: number): void {
    const sinceMs = nowMs - this.#changedMs
    if (sinceMs >= this.#patienceMs) {
      this.#hasTried = false
      if (this.level === 0) this.#patienceMs = PATIENCE_MS
    }
    if (standingMs > STANDING_MS && this.level < LEVEL_MAX) {
      if (this.#hasTried) this.#patienceMs = Math.min(PATIENCE_MS_MAX, 2 * this.#patienceMs)
      this.#become(Math.min(LEVEL_MAX, this.level + (standingMs > MUCH_MS ? 2 : 1)), nowMs)
    } else if (standingMs > STANDING_MS) {
      const hasFallen = this.#promptestMs < this.#beforeMs - FALLEN_MS
      this.#beforeMs = this.#promptestMs
      if (hasFallen) return
      // Sending less does not help: it is the link that has become slower, or whoever answers at its end.
      this.#usualMs = this.#promptestMs
      this.#become(0, nowMs)
      this.#hasTried = false
    } else if (standingMs < CLEAR_MS && this.level > 0 && sinceMs >= this.#patienceMs) {
      this.#become(this.level - 1, nowMs)
    }
  }

  #become(level: number, nowMs: number): void {
    this.#hasTried = level < this.level
    this.#beforeMs = Number.POSITIVE_INFINITY
    this.level = level
    this.#changedMs = nowMs
    this.#forget()
  }

  #forget(): void {
    this.#promptestMs = Number.POSITIVE_INFINITY
    this.#samples = 0
  }
}
