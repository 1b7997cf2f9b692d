/** Each connection's turn comes once in this time (S4). */
export const HEARTBEAT_MS = 15_000
/** Turns are taken this often: with 20,000 sockets some 70 have theirs at a time, which takes a millisecond or two. */
export const BEAT_MS = 50
const BEATS = HEARTBEAT_MS / BEAT_MS
/** After a stall at most so many turns are made up for at once; the others come that much later. */
const CATCH_UP_MAX = 20

/**
 * Spreads the heartbeats of all connections evenly over time. At once, those of 20,000 sockets hold up the event loop for more than a
 * second, in which no room ticks, and make more calls than a process may have open.
 */
export class Heartbeats<M extends { readonly id: number }> {
  readonly #turns: readonly Set<M>[] = Array.from({ length: BEATS }, () => new Set<M>())
  #size = 0
  #next = 0
  #nextMs: number

  /** `nowMs` is of the same clock as that of `due`. */
  constructor(nowMs: number) {
    this.#nextMs = nowMs + BEAT_MS
  }

  get size(): number {
    return this.#size
  }

  /** Whoever joins has the first turn within HEARTBEAT_MS. */
  add(member: M): void {
    const turn = this.#turnOf(member)
    if (turn.has(member)) return
    turn.add(member)
    this.#size++
  }

  delete(member: M): void {
    if (this.#turnOf(member).delete(member)) this.#size--
  }

  *[Symbol.iterator](): Generator<M> {
    for (const turn of this.#turns) yield* turn
  }

  /** Those whose turn has come since it was asked last. */
  *due(nowMs: number): Generator<M> {
    for (let beats = 0; this.#nextMs <= nowMs && beats < CATCH_UP_MAX; beats++) {
      yield* this.#turns[this.#next] ?? []
      this.#next = (this.#next + 1) % BEATS
      this.#nextMs += BEAT_MS
    }
    this.#nextMs = Math.max(this.#nextMs, nowMs)
  }

  /** Numbers are given in the order of joining, so that the turns stay equally long. */
  #turnOf({ id }: M): Set<M> {
    const turn = this.#turns[id % BEATS]
    if (!turn) throw new RangeError(`a connection has a number of 0 or more, not ${id}`)
    return turn
  }
}
