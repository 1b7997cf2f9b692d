/** Half of a correction is gone after this long. Shorter is seen as a jerk, longer as skating. */
const HALF_MS = 60
/** What is left of a correction below this is nothing. */
const NOTHING = 0.01

/** Takes the jerk out of corrections: what is drawn stays where it was, and glides to where it should be. */
export class Glide {
  readonly #jumpsBeyond: number
  #off: number[] = []
  #sinceMs = 0

  /** Corrections longer than `jumpsBeyond` are jumped. */
  constructor(jumpsBeyond: number) {
    this.#jumpsBeyond = jumpsBeyond
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
    const left = 0.5 ** (Math.max(0, nowMs - this.#sinceMs) / HALF_MS)
    return this.#off.map((value) => (Math.abs(value * left) < NOTHING ? 0 : value * left))
  }

  reset(): void {
    this.#off = []
  }
}
