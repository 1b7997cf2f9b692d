import { MOTION_TICKS_MAX, NO_TICK, Throttle } from '@meydan/contracts/wire'

/** A snapshot that waits this much longer for its acknowledgement than the promptest did says that the link is getting full. */
const LATE_MS = 250
/** So late, snapshots come only to find out whether the link is back. */
const LOST_MS = 1_000
/** What the link's own delay is believed to be at most; the rest is what has piled up on it. */
const USUAL_MS_MAX = 1_000
/** The usual delay may rise by a hundredth of the time that passes, so that a link that has become longer is soon a usual one. */
const USUAL_RISE = 0.01
/** Snapshots under way that are remembered, and that may be acknowledged. At the pace of a lost link that is half a minute. */
const UNDER_WAY_MAX = 64

/**
 * When a client gets snapshots: each of them while its acknowledgements keep up, fewer when they fall behind or all of them are late. A
 * snapshot that was not sent is made up for by the next, so little ever waits in line for a slow link.
 */
export class Pace {
  /** The newest snapshot that the client has said it decoded; NO_TICK while it has none. */
  ackTick = NO_TICK
  /** Which of those shortly before it the client has decoded, too: bit 0 is for the tick before, up to MOTION_TICKS_MAX. */
  ackedBefore = 0

  readonly #tickMs: number
  readonly #sendMs: number
  readonly #throttle = new Throttle()
  /** Ticks of snapshots that were sent since, oldest first. */
  #underWay: number[] = []
  #lastTick = Number.NEGATIVE_INFINITY
  #usualMs = 0
  #heardTick = Number.NEGATIVE_INFINITY

  constructor(tickMs: number, sendEveryTicks: number) {
    this.#tickMs = tickMs
    this.#sendMs = tickMs * sendEveryTicks
  }

  /**
   * Takes an acknowledgement that came before tick `now + 1`. Of a snapshot that was not sent, or an older one, it is not believed. NO_TICK
   * says that the client has none any more; what is under way stays so, and who says it all the time is as slow as who never acknowledges.
   */
  acknowledge(tick: number, now: number): void {
    if (tick === NO_TICK) this.#forget()
    const at = this.#underWay.indexOf(tick)
    if (at < 0) return
    this.ackedBefore = this.#ackedBefore(tick)
    this.ackTick = tick
    for (let count = 0; count <= at; count++) this.#underWay.shift()
    const tookMs = (now - tick) * this.#tickMs
    const sinceMs = (now - this.#heardTick) * this.#tickMs
    const risen = this.#heardTick < 0 ? tookMs : this.#usualMs + sinceMs * USUAL_RISE
    this.#usualMs = Math.min(tookMs, risen, USUAL_MS_MAX)
    this.#heardTick = now
    this.#throttle.add(tookMs, now * this.#tickMs)
  }

  /** Whether a snapshot of this tick should be sent. */
  isDue(tick: number): boolean {
    return (tick - this.#lastTick) * this.#tickMs >= this.#spacingMs(tick)
  }

  sent(tick: number): void {
    this.#lastTick = tick
    this.#underWay.push(tick)
    if (this.#underWay.length > UNDER_WAY_MAX) this.#underWay.shift()
  }

  #forget(): void {
    this.ackTick = NO_TICK
    this.ackedBefore = 0
  }

  #ackedBefore(tick: number): number {
    const later = tick - this.ackTick
    if (this.ackTick === NO_TICK || later > MOTION_TICKS_MAX) return 0
    return ((this.ackedBefore << later) | (1 << (later - 1))) & (2 ** MOTION_TICKS_MAX - 1)
  }

  /** All spacings are of snapshots that would have been sent. */
  #spacingMs(tick: number): number {
    const { level } = this.#throttle
    return Math.max(level === 0 ? 0 : this.#sendMs * 2 ** level, this.#silentSpacingMs(tick))
  }

  #silentSpacingMs(tick: number): number {
    const oldest = this.#underWay[0] ?? tick
    const lateMs = (tick - oldest) * this.#tickMs - this.#usualMs
    if (lateMs <= LATE_MS) return 0
    if (lateMs <= 2 * LATE_MS) return 2 * this.#sendMs
    if (lateMs <= LOST_MS) return 4 * this.#sendMs
    return Math.max(LOST_MS, 8 * this.#sendMs)
  }
}
