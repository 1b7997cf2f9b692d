import type { Place } from './camera.ts'

const LASTS_MS = 220
/** CSS pixels at the most. */
const REACH = 7
const STILL: Place = { x: 0, y: 0 }

/** A short shake that dies away: how far off the picture is, CSS pixels. */
export class Shake {
  #sinceMs = Number.NEGATIVE_INFINITY
  #strength = 0

  /** `strength` is 0 to 1. A shake under way is only ever made stronger. */
  begin(strength: number, nowMs: number): void {
    const left = this.#strength * this.#left(nowMs)
    if (strength <= left) return
    this.#strength = strength
    this.#sinceMs = nowMs
  }

  offset(nowMs: number): Place {
    const reach = REACH * this.#strength * this.#left(nowMs)
    // Two waves that do not fall together, so that it shakes rather than swings.
    return reach === 0 ? STILL : { x: reach * Math.sin(nowMs / 11), y: reach * Math.cos(nowMs / 17) }
  }

  #left(nowMs: number): number {
    return Math.max(0, 1 - (nowMs - this.#sinceMs) / LASTS_MS)
  }
}
