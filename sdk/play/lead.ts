/** Two seconds of snapshots at 30 ms each: longer than TCP holds inputs up for a segment that was lost. */
const SAMPLES_KEPT = 64
/** Inputs that were held up are applied later than others, and tell of the link, not of those to come. */
const PROMPT = 0.3
/** An input that was applied so much sooner than others were says that the server's count has stood still: what was known is of before. */
const STOOD_TICKS = 8
/** One that was applied so much later, and not merely repeated, says that the count has been moved on: another process took the room over. */
const JUMPED_TICKS = 64

/**
 * In which tick of the server an input will be applied, told by those that it has applied. Local ticks are counted by the local clock, as
 * the server counts its own by its own: between them lies what the clocks differ by, and an input's usual way.
 */
export class Lead {
  #samples: number[] = []
  #ticks: number | undefined
  #madeTick = Number.NaN

  /** By how much the server's tick is the later number; undefined until something is known. */
  get ticks(): number | undefined {
    return this.#ticks
  }

  /** At the server's `tick` the newest input applied was one that had been made in `madeTick`. */
  add(tick: number, madeTick: number): void {
    const sample = tick - madeTick
    const later = sample - (this.#ticks ?? sample)
    if (later < -STOOD_TICKS || (later > JUMPED_TICKS && madeTick !== this.#madeTick)) this.#samples = []
    this.#madeTick = madeTick
    this.#samples.push(sample)
    if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift()
    const sorted = this.#samples.toSorted((a, b) => a - b)
    this.#ticks = sorted[Math.floor(PROMPT * (sorted.length - 1))]
  }

  reset(): void {
    this.#samples = []
    this.#ticks = undefined
  }
}
