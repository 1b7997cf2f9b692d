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
}

export const PERFECT: LinkShape = { delayMs: 0, jitterMs: 0, loss: 0, reorder: 0, duplicate: 0 }

/** A round trip of 150 ± 30 ms, half of it each way, and 2 % of the frames lost each way. */
export const FAR: LinkShape = { delayMs: 75, jitterMs: 15, loss: 0.02, reorder: 0.01, duplicate: 0.01 }

const REORDER_MS = 40

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
