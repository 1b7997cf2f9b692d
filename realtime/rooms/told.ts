import type { GameEvent } from '@meydan/contracts/core'

/** Events kept at most: what a match tells in some ten seconds. */
export const KEPT_EVENTS_MAX = 64
/** Numbers that belong to one tick. */
const EVENTS_PER_TICK = 1_024

/** An event that a room told. */
export interface Told {
  readonly seq: number
  /** Null: to everybody. */
  readonly toSeat: number | null
  readonly event: GameEvent
}

/**
 * The last events of a room, for whoever was away while they were told. Their numbers grow and have the tick in them: a room that was taken over
 * goes on at a later tick than any that was seen, and gives no number twice.
 */
export class ToldEvents {
  readonly #kept: Told[]

  constructor(kept: readonly Told[] = []) {
    this.#kept = [...kept]
  }

  get kept(): readonly Told[] {
    return this.#kept
  }

  get newest(): number {
    return this.#kept.at(-1)?.seq ?? -1
  }

  /** Gives the event's number. */
  add(tick: number, toSeat: number | null, event: GameEvent): number {
    const seq = Math.max(tick * EVENTS_PER_TICK, this.newest + 1)
    this.#kept.push({ seq, toSeat, event })
    if (this.#kept.length > KEPT_EVENTS_MAX) this.#kept.shift()
    return seq
  }

  /** Those after `seq` that a seat was told, or who watches (null). */
  after(seq: number, seat: number | null): Told[] {
    return this.#kept.filter((told) => told.seq > seq && (told.toSeat === null || told.toSeat === seat))
  }
}
