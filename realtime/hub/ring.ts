import type { SharedFrame } from './frame.ts'

/** DESIGN §5: what is kept for a resume. */
export const RING_EVENTS_MAX = 512
export const RING_MS_MAX = 120_000

/**
 * The last events of one session, by number. It holds references only: an event that a thousand sessions keep is there once, and
 * forgetting it moves nothing.
 */
export class Ring {
  /** The event numbered n stands at n % RING_EVENTS_MAX. Grows to its full size only in sessions that hear that much. */
  readonly #frames: (SharedFrame | undefined)[] = []
  #oldest = 1
  #newest = 0

  /** The number of the last event; the first was 1. */
  get newest(): number {
    return this.#newest
  }

  push(frame: SharedFrame): void {
    this.#newest++
    this.#frames[this.#newest % RING_EVENTS_MAX] = frame
    this.#oldest = Math.max(this.#oldest, this.#newest - RING_EVENTS_MAX + 1)
    this.forget(frame.atMs)
  }

  /** Lets go of what is too old at `nowMs`, on the monotonic clock. */
  forget(nowMs: number): void {
    while (this.#oldest <= this.#newest) {
      const slot = this.#oldest % RING_EVENTS_MAX
      if ((this.#frames[slot]?.atMs ?? nowMs) >= nowMs - RING_MS_MAX) return
      this.#frames[slot] = undefined
      this.#oldest++
    }
  }

  /** Whether every event after the `received`-th is still here. */
  holdsAllAfter(received: number): boolean {
    return received <= this.#newest && received >= this.#oldest - 1
  }

  /** What came after the `received`-th event and is here, in order. */
  *after(received: number): Generator<SharedFrame> {
    for (let number = Math.max(received + 1, this.#oldest); number <= this.#newest; number++) {
      const frame = this.#frames[number % RING_EVENTS_MAX]
      if (frame) yield frame
    }
  }
}
