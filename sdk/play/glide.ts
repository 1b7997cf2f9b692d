/** Half of what is left of a correction is gone after this long. Shorter is seen as a jerk, longer as skating. */
const HALF_MS = 60
/** The longest correction takes so long, and none goes faster: on a screen with few frames a second, half of it would be a jump from one to the next. */
const LONGEST_MS = 500
/** What is left of a correction below this is nothing. */
const NOTHING = 0.01

/** Takes the jerk out of corrections: what is drawn stays where it was, and glides to where it should be. */
export class Glide {
  readonly #jumpsBeyond: number
  readonly #perMs: number
  /** Nearer than this it slows down, by half in each HALF_MS. */
  readonly #slowsWithin: number
  #off: number[] = []
  #sinceMs = 0

  /** Corrections longer than `jumpsBeyond` are jumped. */
  constructor(jumpsBeyond: number) {
    this.#jumpsBeyond = jumpsBeyond
    this.#perMs = jumpsBeyond / LONGEST_MS
    this.#slowsWithin = (this.#perMs * HALF_MS) / Math.LN2
  }

  /** What is drawn was corrected from one place to another. */
  moved(from: readonly number[], to: readonly number[], nowMs: number): void {
    const left = this.at(nowMs)
    const off = to.map((value, axis) => (from[axis] ?? value) - value + (left[axis] ?? 0))
    this.#off = Math.hypot(...off) > this.#jumpsBeyond ? [] : off
    this.#sinceMs = nowMs
  }

  /** What to add to each axis of the right place now. */
  at(nowMs: number): readonly number[] {
    const whole = Math.hypot(...this.#off)
    const left = this.#leftOf(whole, Math.max(0, nowMs - this.#sinceMs))
    return this.#off.map((value) => (left < NOTHING ? 0 : (value * left) / whole))
  }

  reset(): void {
    this.#off = []
  }

  #leftOf(whole: number, passedMs: number): number {
    const steadyMs = Math.max(0, whole - this.#slowsWithin) / this.#perMs
    if (passedMs < steadyMs) return whole - passedMs * this.#perMs
    return Math.min(whole, this.#slowsWithin) * 0.5 ** ((passedMs - steadyMs) / HALF_MS)
  }
}
