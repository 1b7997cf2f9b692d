import { percentile } from '../measure/numbers.ts'
import { TICK_MS } from './scene.ts'

/** Something that knows how late its ticks were. */
export interface Watch {
  reset(): void
  measured(): Lateness
}

export interface Lateness {
  readonly ticks: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Ticks that were never run, or more than a whole tick late. */
  readonly missed: number
}

/** Lateness samples of one window; more are not looked at. */
const SAMPLES_MAX = 4_000_000

/**
 * How late the ticks of rooms run, measured alike for every contestant: a tick is due 15 ms after the room's last one. That forgives a
 * timer that is a little slow, as Node's are, which a fixed grid would not.
 */
export class Stopwatch implements Watch {
  readonly #last = new Map<object, number>()
  readonly #late = new Float32Array(SAMPLES_MAX)
  #ticks = 0
  #missed = 0

  /** To be called as a room begins its tick. */
  ticked(room: object): void {
    const now = performance.now()
    const last = this.#last.get(room)
    this.#last.set(room, now)
    if (last === undefined || this.#ticks === SAMPLES_MAX) return
    const lateMs = now - last - TICK_MS
    this.#late[this.#ticks++] = Math.max(0, lateMs)
    if (lateMs > TICK_MS) this.#missed += Math.floor(lateMs / TICK_MS)
  }

  /** A new window begins. Costs nothing, as what is spent here would make its first ticks late. */
  reset(): void {
    this.#ticks = 0
    this.#missed = 0
  }

  /** What has been measured in this window. */
  measured(): Lateness {
    return { ticks: this.#ticks, ...spread(this.#late.subarray(0, this.#ticks)), missed: this.#missed }
  }
}

export function spread(lateMs: Float32Array | readonly number[]) {
  return { p50Ms: percentile(lateMs, 0.5), p99Ms: percentile(lateMs, 0.99), maxMs: percentile(lateMs, 1) }
}
