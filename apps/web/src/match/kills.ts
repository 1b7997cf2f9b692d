import type { GameEvent } from '@meydan/contracts/core'

export interface Kill {
  readonly killer: number
  readonly victim: number
  /** A value of FIRE. */
  readonly weapon: number
  /** `performance.now()`. */
  readonly atMs: number
}

/** Many more than three minutes have. */
const KILLS_MAX = 500

/** Who felled whom since this page is in the match. */
export class Kills {
  #all: Kill[] = []

  get all(): readonly Kill[] {
    return this.#all
  }

  hear({ type, killer, victim, weapon }: GameEvent, atMs: number): void {
    if (type !== 'KILL' || this.#all.length >= KILLS_MAX) return
    this.#all.push({ killer: Number(killer), victim: Number(victim), weapon: Number(weapon), atMs })
  }
}
