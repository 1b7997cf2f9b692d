import type { Clock } from '@meydan/kernel/time'

/** Something that is ticked at a steady rate. */
export interface Ticking {
  readonly tickMs: number
  /** Must not throw. */
  tick(): void
}

/** What ticks the rooms of a process. A test may bring one of its own, whose time is not the world's. */
export interface Loop {
  readonly missed: number
  add(ticking: Ticking): void
  remove(ticking: Ticking): void
  stop(): void
  takeStats(): LoopStats
}

export interface LoopStats {
  /** Milliseconds between when a tick was due and when it ran, one entry per tick since the last `takeStats`. */
  readonly latenessMs: readonly number[]
  readonly missed: number
}

interface Entry {
  readonly ticking: Ticking
  readonly slot: number
  dueMs: number
}

/** After a stall at most this many ticks are made up for; the rest are skipped and counted. */
const CATCH_UP_TICKS_MAX = 10
/** Rooms of one rate are spread over so many moments of the tick, so that they do not all wait for one another: of 15 ms, one each. */
const SLOTS = 15
/**
 * Timers wake on whole milliseconds, so a tick may run this much before it is due: half a millisecond to either side. To wait for the
 * moment itself would mean to look again and again, which with rooms due in each millisecond never stops.
 */
const EARLY_MS = 0.5
const LATENESS_KEPT_MAX = 65_536

/**
 * One loop for all rooms of a process, corrected for drift: a tick's due time follows from the one before, never from when
 * it ran. Without anything to tick there is no timer.
 */
export class TickLoop implements Loop {
  readonly #clock: Clock
  readonly #entries = new Map<Ticking, Entry>()
  readonly #observe: (latenessMs: number) => void
  #timer: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  #lateness: number[] = []
  #missed = 0

  constructor(clock: Clock, observe: (latenessMs: number) => void) {
    this.#clock = clock
    this.#observe = observe
  }

  get missed(): number {
    return this.#missed
  }

  add(ticking: Ticking): void {
    const slot = this.#emptiestSlot(ticking.tickMs)
    const nowMs = this.#clock.monotonic()
    const phaseMs = (slot * ticking.tickMs) / SLOTS
    const dueMs = Math.ceil((nowMs - phaseMs) / ticking.tickMs) * ticking.tickMs + phaseMs
    this.#entries.set(ticking, { ticking, slot, dueMs })
    this.#sleep()
  }

  remove(ticking: Ticking): void {
    this.#entries.delete(ticking)
    if (this.#entries.size === 0) this.#cancel()
  }

  stop(): void {
    this.#entries.clear()
    this.#cancel()
  }

  takeStats(): LoopStats {
    const stats = { latenessMs: this.#lateness, missed: this.#missed }
    this.#lateness = []
    return stats
  }

  #emptiestSlot(tickMs: number): number {
    const taken = new Array<number>(SLOTS).fill(0)
    for (const entry of this.#entries.values()) {
      if (entry.ticking.tickMs === tickMs) taken[entry.slot] = (taken[entry.slot] ?? 0) + 1
    }
    return taken.indexOf(Math.min(...taken))
  }

  /** Ticks what is due, and sleeps until the next is. */
  #run(): void {
    let nowMs = this.#clock.monotonic()
    for (const entry of this.#entries.values()) {
      if (nowMs < entry.dueMs - EARLY_MS) continue
      this.#runEntry(entry)
      nowMs = this.#clock.monotonic()
    }
    this.#sleep()
  }

  #runEntry(entry: Entry): void {
    const { tickMs } = entry.ticking
    for (let made = 0; made < CATCH_UP_TICKS_MAX; made++) {
      const behindMs = this.#clock.monotonic() - entry.dueMs
      if (behindMs < -EARLY_MS) return
      const lateMs = Math.max(0, behindMs)
      this.#observe(lateMs)
      if (this.#lateness.length < LATENESS_KEPT_MAX) this.#lateness.push(lateMs)
      entry.dueMs += tickMs
      entry.ticking.tick()
      if (!this.#entries.has(entry.ticking)) return
    }
    const behindMs = this.#clock.monotonic() - entry.dueMs
    if (behindMs < 0) return
    const skipped = Math.floor(behindMs / tickMs) + 1
    this.#missed += skipped
    entry.dueMs += skipped * tickMs
  }

  #sleep(): void {
    this.#cancel()
    let nextMs = Number.POSITIVE_INFINITY
    for (const { dueMs } of this.#entries.values()) nextMs = Math.min(nextMs, dueMs)
    if (nextMs === Number.POSITIVE_INFINITY) return
    const waitMs = Math.round(nextMs - this.#clock.monotonic())
    // What is due already waits for the sockets to be read, and no longer.
    if (waitMs >= 1) this.#timer = setTimeout(() => this.#run(), waitMs)
    else this.#immediate = setImmediate(() => this.#run())
  }

  #cancel(): void {
    clearTimeout(this.#timer)
    clearImmediate(this.#immediate)
  }
}
