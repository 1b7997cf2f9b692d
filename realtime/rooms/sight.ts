import { type InputFrame, NO_TICK } from '@meydan/contracts/wire'

/** How far back a game is ever told that somebody looked. A game may believe less: the arena takes 195 ms. */
const SIGHT_MS_MAX = 1_000

/**
 * What one client's player was looking at. The server knows which snapshot the client had when it sent a frame; how far before it the
 * others are shown, only the client knows. Time on a screen does not run backwards, so nobody looks back behind what was seen before.
 */
export class Sight {
  #seenTick = Number.NEGATIVE_INFINITY

  /** The tick that was looked at for the inputs of this frame; undefined when the client does not say. `ackTick` is what is believed. */
  look({ ackTick: toldTick, behindTicks }: InputFrame, ackTick: number): number | undefined {
    if (behindTicks === undefined || ackTick === NO_TICK || toldTick === NO_TICK) return undefined
    // A frame that was overtaken tells of an older snapshot, which is believed; of a newer one than that, no frame can.
    this.#seenTick = Math.max(this.#seenTick, Math.min(toldTick, ackTick) - behindTicks)
    return this.#seenTick
  }
}

/** What of it a game is told at tick `now`: never the future, and a second at most. */
export function believedTick(seenTick: number, now: number, tickMs: number): number {
  return Math.min(now, Math.max(seenTick, now - Math.floor(SIGHT_MS_MAX / tickMs), 0))
}
