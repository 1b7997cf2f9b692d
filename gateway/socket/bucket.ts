import type { Clock } from '@meydan/kernel/time'

/** A token bucket: `burst` at once, then `perS` a second. */
export class Bucket {
  readonly #clock: Clock
  readonly #perS: number
  readonly #burst: number
  #tokens: number
  #filledAtMs: number

  constructor(clock: Clock, perS: number, burst: number) {
    this.#clock = clock
    this.#perS = perS
    this.#burst = burst
    this.#tokens = burst
    this.#filledAtMs = clock.monotonic()
  }

  take(): boolean {
    const nowMs = this.#clock.monotonic()
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#filledAtMs) / 1_000) * this.#perS)
    this.#filledAtMs = nowMs
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
