import { AIM_STEPS } from './angle.ts'
import { type ArenaShot, shotShownAt } from './foresight.ts'
import { BORN_MODULUS } from './layout.ts'
import { firstHit, shotRange } from './shots.ts'
import type { Trace } from './state.ts'
import { BOLT } from './weapons.ts'

/** An own shot as it is to be drawn. */
export interface Tracer {
  readonly shot: ArenaShot
  /** px from where it began. */
  readonly flown: number
}

export interface TracerHit {
  readonly shot: ArenaShot
  readonly seat: number
}

interface Track {
  shot: ArenaShot
  flown: number
  hasEnded: boolean
  /** When it was last moved on. */
  shownTick: number
  /** The first view without it. The screen is behind the server and may still have some way of it to show. */
  goneTick: number
}

/** A foretold shot and the server's own are one when they were fired within so many ticks, along aims no farther apart than this. */
const SAME_TICKS = 8
const SAME_AIM = AIM_STEPS / 16
/** How long a shot that has ended is remembered, in ticks: it may still be in the views for a while. */
const REMEMBERED_TICKS = 100

/**
 * The player's own bolts on a screen: drawn from the moment they are fired, where they meet on the screen whom they meet on the
 * server, and gone when they have met somebody there, before the server has said so.
 */
export class Tracers {
  readonly #seat: number
  #tracks: Track[] = []

  constructor(seat: number) {
    this.#seat = seat
  }

  /**
   * Moves the shots on to what the screen shows at `shownTick`. `shots` are the own ones of the newest view, which is of `newestTick`, and
   * those the server has not told of; `others` are the avatars as they are drawn, by seat. `hits` are those that met somebody since the
   * last call.
   */
  follow(
    shots: readonly ArenaShot[],
    newestTick: number,
    shownTick: number,
    others: readonly (Trace | undefined)[],
  ): { readonly flying: readonly Tracer[]; readonly hits: readonly TracerHit[] } {
    const flying: Tracer[] = []
    const hits: TracerHit[] = []
    for (const track of this.#tracks) track.goneTick = Math.min(track.goneTick, newestTick)
    for (const shot of shots) this.#take(shot, shownTick)
    for (const track of this.#tracks) {
      const { shot } = track
      if (track.hasEnded) continue
      const seat = this.#move(track, shownTick, others)
      if (seat >= 0) hits.push({ shot, seat })
      if (!track.hasEnded) flying.push({ shot, flown: track.flown })
    }
    this.#tracks = this.#tracks.filter((track) => shownTick - track.shownTick < REMEMBERED_TICKS)
    return { flying, hits }
  }

  /** The seat it meets on its way to `shownTick`, or −1. */
  #move(track: Track, shownTick: number, others: readonly (Trace | undefined)[]): number {
    const { shot, flown, goneTick } = track
    const range = shotRange(shot.x, shot.y, shot.aim, BOLT)
    const to = Math.max(flown, Math.min(range, shotShownAt(shot, Math.min(shownTick, goneTick - shot.hindsight), BOLT)))
    const seat = to > flown ? firstHit(shot, BOLT, this.#seat, flown, to, others) : -1
    track.flown = to
    track.hasEnded = seat >= 0 || to >= range || shownTick + shot.hindsight >= goneTick
    return seat
  }

  #take(shot: ArenaShot, shownTick: number): void {
    const goneTick = Number.POSITIVE_INFINITY
    const known = this.#known(shot)
    if (known) Object.assign(known, { shot, shownTick, goneTick })
    // One that was not foretold is first seen on its way: what it passed before that, it did not meet.
    else {
      const flown = Math.max(0, shotShownAt(shot, shownTick, BOLT) - BOLT.perTick)
      this.#tracks.push({ shot, flown, hasEnded: false, shownTick, goneTick })
    }
  }

  /** Which input pulls the trigger may turn out a tick off, and then the aim is a little off too. */
  #known(shot: ArenaShot): Track | undefined {
    let best: Track | undefined
    for (const track of this.#tracks) {
      if (apart(track.shot.born, shot.born, BORN_MODULUS) > SAME_TICKS) continue
      const off = apart(track.shot.aim, shot.aim, AIM_STEPS)
      if (off <= SAME_AIM && off < (best ? apart(best.shot.aim, shot.aim, AIM_STEPS) : Number.POSITIVE_INFINITY))
        best = track
    }
    return best
  }
}

/** How far two numbers are apart on a circle of `modulus`. */
function apart(one: number, other: number, modulus: number): number {
  const straight = Math.abs(one - other)
  return Math.min(straight, modulus - straight)
}
