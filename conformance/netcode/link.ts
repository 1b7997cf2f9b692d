import type { Random } from '@meydan/contracts/core'

/** What one direction of a bad network does to room frames. */
export interface LinkShape {
  /** A frame's way takes this long, and up to `jitterMs` more or less, evenly. Frames overtake one another. */
  readonly delayMs: number
  readonly jitterMs: number
  /** The share of frames that never come. */
  readonly loss: number
  /** The share of frames that take `REORDER_MS` longer, so that later ones overtake them. */
  readonly reorder: number
  /** The share of frames that come twice. */
  readonly duplicate: number
  /** What gets through in a second, headers included; what is sent faster waits in line, however long. Unless given, whatever is sent. */
  readonly bytesPerS?: number
  /** Frames go over TCP, as they do over a WebSocket: none is lost, doubled or overtaken, and a lost segment holds up all behind it. */
  readonly isTcp?: boolean
}

export const PERFECT: LinkShape = { delayMs: 0, jitterMs: 0, loss: 0, reorder: 0, duplicate: 0 }

/** A round trip of 150 ± 30 ms, half of it each way, and 2 % of the frames lost each way. */
export const FAR: LinkShape = { delayMs: 75, jitterMs: 15, loss: 0.02, reorder: 0.01, duplicate: 0.01 }

/** The same over TCP. */
export const FAR_TCP: LinkShape = { ...FAR, isTcp: true }

const REORDER_MS = 40
/** IP, TCP and WebSocket around a room frame. */
const HEADER_BYTES = 44

/** The narrowest place of a link: frames leave it one after another. */
export class Neck {
  #freeMs = 0

  /** When a frame of `bytes` that is sent at `nowMs` has gone through. */
  through(shape: LinkShape, bytes: number, nowMs: number): number {
    const takesMs = shape.bytesPerS === undefined ? 0 : ((bytes + HEADER_BYTES) / shape.bytesPerS) * 1_000
    this.#freeMs = Math.max(this.#freeMs, nowMs) + takesMs
    return this.#freeMs
  }
}

/** When a frame that is sent at `nowMs` arrives: never, once, or twice. The same seed gives the same fates. */
export function arrivalsOf(shape: LinkShape, random: Random, nowMs: number): number[] {
  const wayMs = (): number => shape.delayMs + (2 * random.float() - 1) * shape.jitterMs
  const isLost = random.float() < shape.loss
  const lateMs = random.float() < shape.reorder ? REORDER_MS : 0
  const isTwice = random.float() < shape.duplicate
  const arrivals = [nowMs + wayMs() + lateMs]
  if (isTwice) arrivals.push(nowMs + wayMs())
  return isLost ? [] : arrivals
}
