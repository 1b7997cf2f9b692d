import { SHOT_PER_TICK } from './balance.ts'
import { type ArenaShot, shotShownAt } from './foresight.ts'
import { BORN_MODULUS } from './layout.ts'
import { firstHit, shotRange } from './shots.ts'
import type { Trace } from './state.ts'

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
  shownTick: number
}

/** A foretold shot and the server's own are one when they were fired along one aim within this many ticks. */
const SAME_TICKS = 8
/** How long a shot that has ended is remembered, in ticks: it may still be in the views for a while. */
const REMEMBERED_TICKS = 100

/**
 * The player's own shots on a screen: drawn from the moment they are fired, where they meet on the screen whom they meet on the
 * server, and gone when they have met somebody there, before the server has said so.
 */
export class Tracers {
  readonly #seat: number
  #tracks: Track[] = []

  constructor(seat: number) {
    this.#seat = seat
  }

  /**
   * Moves the shots on to what the screen shows at `shownTick`. `shots` are the own ones of the newest view and those the server has not
   * told of; `others` are the avatars as they are drawn, by seat. `hits` are those that met somebody since the last call.
   */
  follow(
    shots: readonly ArenaShot[],
    shownTick: number,
    others: readonly (Trace | undefined)[],
  ): { readonly flying: readonly Tracer[]; readonly hits: readonly TracerHit[] } {
    const flying: Tracer[] = []
    const hits: TracerHit[] = []
    for (const shot of shots) {
      const track = this.#trackOf(shot, shownTick)
      if (track.hasEnded) continue
      const range = shotRange(shot.x, shot.y, shot.aim)
      const to = Math.min(range, shotShownAt(shot, shownTick))
      const seat = to > track.flown ? firstHit(shot, this.#seat, track.flown, to, others) : -1
      if (seat >= 0) hits.push({ shot, seat })
      track.hasEnded = seat >= 0 || to >= range
      track.flown = Math.max(track.flown, to)
      if (!track.hasEnded) flying.push({ shot, flown: to })
    }
    this.#tracks = this.#tracks.filter((track) => shownTick - track.shownTick < REMEMBERED_TICKS)
    return { flying, hits }
  }

  #trackOf(shot: ArenaShot, shownTick: number): Track {
    const known = this.#tracks.find((track) => track.shot.aim === shot.aim && apart(track.shot, shot) <= SAME_TICKS)
    if (known) {
      known.shot = shot
      known.shownTick = shownTick
      return known
    }
    // One that was not foretold is first seen on its way: what it passed before that, it did not meet.
    const flown = Math.max(0, shotShownAt(shot, shownTick) - SHOT_PER_TICK)
    const track = { shot, flown, hasEnded: false, shownTick }
    this.#tracks.push(track)
    return track
  }
}

/** Ticks between the births of two shots, which travel modulo BORN_MODULUS. */
function apart(one: ArenaShot, other: ArenaShot): number {
  const ticks = Math.abs(one.born - other.born)
  return Math.min(ticks, BORN_MODULUS - ticks)
}
