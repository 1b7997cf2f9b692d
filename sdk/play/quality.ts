/** What is told is about so much of the past. */
const REMEMBERED_MS = 10_000

/** What a match has been like on this link in the last ten seconds. */
export interface Quality {
  readonly snapshotsPerS: number
  /** The longest time between two snapshots, ms. */
  readonly silenceMs: number
  /** How far behind the promptest snapshots the others are shown, ms. */
  readonly delayMs: number
  /** How far the server's word moved the own seat from where it was foretold, in the units of the game's places: of all snapshots, and the most. */
  readonly correction: { readonly median: number; readonly most: number }
  /** How many snapshots put it so far away that it was a new place: no correction, and jumped. */
  readonly newPlaces: number
}

interface Sample {
  readonly atMs: number
  readonly gapMs: number
  readonly correction: number
}

/** Notes what each snapshot brought, and sums it up when asked. */
export class QualityMeter {
  readonly #jumpsBeyond: number
  #samples: Sample[] = []
  #lastMs = Number.NaN
  #sinceMs = 0

  /** Beyond `jumpsBeyond` a correction is a new place. */
  constructor(jumpsBeyond: number) {
    this.#jumpsBeyond = jumpsBeyond
  }

  /** A snapshot came, and moved the own seat by so much. */
  add(correction: number, nowMs: number): void {
    if (Number.isNaN(this.#lastMs)) this.#sinceMs = nowMs
    else this.#samples.push({ atMs: nowMs, gapMs: nowMs - this.#lastMs, correction })
    this.#lastMs = nowMs
    this.#forget(nowMs)
  }

  /** `delayMs` is the playback's. */
  quality(nowMs: number, delayMs: number): Quality {
    this.#forget(nowMs)
    const moves = this.#samples.map(({ correction }) => correction).toSorted((a, b) => a - b)
    const corrections = moves.filter((move) => move <= this.#jumpsBeyond)
    const overMs = Math.min(REMEMBERED_MS, nowMs - this.#sinceMs)
    const silencesMs = [...this.#samples.map(({ gapMs }) => gapMs), nowMs - this.#lastMs]
    return {
      snapshotsPerS: overMs > 0 ? (this.#samples.length * 1_000) / overMs : 0,
      silenceMs: Number.isNaN(this.#lastMs) ? 0 : Math.max(...silencesMs),
      delayMs,
      correction: { median: corrections[Math.floor(corrections.length / 2)] ?? 0, most: corrections.at(-1) ?? 0 },
      newPlaces: moves.length - corrections.length,
    }
  }

  #forget(nowMs: number): void {
    const fresh = this.#samples.findIndex(({ atMs }) => nowMs - atMs <= REMEMBERED_MS)
    if (fresh !== 0) this.#samples = fresh < 0 ? [] : this.#samples.slice(fresh)
  }
}
