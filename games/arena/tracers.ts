import { AIM_STEPS } from './angle.ts'
import { type ArenaShot, shotShownAt } from './foresight.ts'
import { BORN_MODULUS } from './layout.ts'
import { firstHit, shotDistance, shotRange } from './shots.ts'
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

/** What became of the own shots, as far as it is known by now. */
export interface ShotTally {
  /** Those that met somebody on the screen, and how many of them did so on the server. */
  readonly seen: number
  readonly counted: number
  /** Those that met somebody on the server alone. */
  readonly unseen: number
}

interface Track {
  shot: ArenaShot
  flown: number
  hasEnded: boolean
  /** When it was last moved on. */
  shownTick: number
  hasHit: boolean
  /** The newest view with it; −1 while the server has not told of it. */
  toldTick: number
  /** The first view without it. The screen is behind the server and may still have some way of it to show. */
  goneTick: number
}

/** A foretold shot and the server's own are one when they were fired within so many ticks, along aims no farther apart than this. */
const SAME_TICKS = 8
const SAME_AIM = AIM_STEPS / 16
/** Views are so many ticks apart: how a shot ended that was last seen longer before its natural end, or never, nobody knows. */
const UNKNOWN_TICKS = 4
/** How long a shot that has ended is remembered, in ticks: it may still be in the views for a while. */
const REMEMBERED_TICKS = 100

/**
 * The player's own shots on a screen: drawn from the moment they are fired, where they meet on the screen whom they meet on the
 * server, and gone when they have met somebody there, before the server has said so.
 */
export class Tracers {
  readonly #seat: number
  readonly #tally = { seen: 0, counted: 0, unseen: 0 }
  #tracks: Track[] = []

  constructor(seat: number) {
    this.#seat = seat
  }

  get tally(): ShotTally {
    return this.#tally
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
    const taken = new Set<Track>()
    for (const shot of shots) taken.add(this.#take(shot, { newestTick, shownTick }, taken))
    for (const track of this.#tracks) {
      const { shot } = track
      if (track.hasEnded) continue
      const seat = this.#move(track, shownTick, others)
      if (seat >= 0) hits.push({ shot, seat })
      if (!track.hasEnded) flying.push({ shot, flown: track.flown })
    }
    this.#tracks = this.#tracks.filter((track) => {
      const isKept = shownTick - track.shownTick < REMEMBERED_TICKS
      if (!isKept) this.#judge(track)
      return isKept
    })
    return { flying, hits }
  }

  /** The seat it meets on its way to `shownTick`, or −1. */
  #move(track: Track, shownTick: number, others: readonly (Trace | undefined)[]): number {
    const { shot, flown, goneTick } = track
    const range = shotRange(shot.x, shot.y, shot.aim, shot.weapon)
    const to = Math.max(flown, Math.min(range, shotShownAt(shot, Math.min(shownTick, goneTick - shot.hindsight))))
    const seat = to > flown ? firstHit(shot, shot.weapon, this.#seat, flown, to, others) : -1
    track.flown = to
    track.hasHit = seat >= 0
    track.hasEnded = seat >= 0 || to >= range || shownTick + shot.hindsight >= goneTick
    return seat
  }

  /** Compares what the screen showed with what the views told: a shot that is gone before a wall or its range has met somebody. */
  #judge({ shot, flown, hasHit, toldTick, goneTick }: Track): void {
    const range = shotRange(shot.x, shot.y, shot.aim, shot.weapon)
    const isGoneEarly = toldTick >= 0 && shotDistance(shot.born, goneTick, shot.weapon) < range
    const leftTicks = (range - shotDistance(shot.born, toldTick, shot.weapon)) / shot.weapon.perTick
    const isUnknown =
      toldTick >= 0 ? !isGoneEarly && leftTicks > UNKNOWN_TICKS : flown < UNKNOWN_TICKS * shot.weapon.perTick
    if (isUnknown) return
    if (hasHit) this.#tally.seen++
    if (hasHit && isGoneEarly) this.#tally.counted++
    if (!hasHit && isGoneEarly) this.#tally.unseen++
  }

  /** The track of a shot, which none of those `taken` is. */
  #take(
    shot: ArenaShot,
    { newestTick, shownTick }: { readonly newestTick: number; readonly shownTick: number },
    taken: ReadonlySet<Track>,
  ): Track {
    const goneTick = Number.POSITIVE_INFINITY
    const known = this.#known(shot, taken)
    const toldTick = shot.isForetold ? (known?.toldTick ?? -1) : newestTick
    if (known) return Object.assign(known, { shot, shownTick, goneTick, toldTick })
    // One that was not foretold is first seen on its way: what it passed before that, it did not meet.
    const flown = Math.max(0, shotShownAt(shot, shownTick) - shot.weapon.perTick)
    const track = { shot, flown, hasEnded: false, hasHit: false, shownTick, goneTick, toldTick }
    this.#tracks.push(track)
    return track
  }

  /** Which input pulls the trigger may turn out a tick off, and then the aim is a little off too. */
  #known(shot: ArenaShot, taken: ReadonlySet<Track>): Track | undefined {
    let best: Track | undefined
    let bestOff = SAME_AIM
    for (const track of this.#tracks) {
      const isOther = track.shot.weapon !== shot.weapon || apart(track.shot.born, shot.born, BORN_MODULUS) > SAME_TICKS
      const off = apart(track.shot.aim, shot.aim, AIM_STEPS)
      if (isOther || off >= bestOff || taken.has(track)) continue
      best = track
      bestOff = off
    }
    return best
  }
}

/** How far two numbers are apart on a circle of `modulus`. */
function apart(one: number, other: number, modulus: number): number {
  const straight = Math.abs(one - other)
  return Math.min(straight, modulus - straight)
}
