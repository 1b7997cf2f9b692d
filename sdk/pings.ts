const SAMPLES_KEPT = 9

/** What pings tell: how long a round trip takes, and how far the server's clock is from this one. */
export class Pings {
  readonly #samples: { readonly rttMs: number; readonly offsetMs: number }[] = []

  /**
   * A pong to the ping sent at `sentMs` of `performance.now()`, which no change of the wall clock disturbs and which tells parts of a
   * millisecond. The server's wall clock said `serverMs` by then.
   */
  add(sentMs: number, serverMs: number): void {
    const rttMs = Math.max(0, performance.now() - sentMs)
    // Half the round trip each way: the best guess there is, and off by half of it at most.
    this.#samples.push({ rttMs, offsetMs: serverMs + rttMs / 2 - Date.now() })
    if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift()
  }

  /** Median round trip, ms; 0 before the first pong. */
  get rttMs(): number {
    return median(this.#samples.map(({ rttMs }) => rttMs))
  }

  /** How much one round trip differs from the next, on average, ms; 0 before the second pong. */
  get jitterMs(): number {
    const steps = this.#samples.slice(1).map(({ rttMs }, at) => Math.abs(rttMs - (this.#samples[at]?.rttMs ?? rttMs)))
    return steps.length === 0 ? 0 : steps.reduce((sum, step) => sum + step, 0) / steps.length
  }

  /** What to add to `Date.now()` for the server's clock, ms; 0 before the first pong. */
  get offsetMs(): number {
    return median(this.#samples.map(({ offsetMs }) => offsetMs))
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
