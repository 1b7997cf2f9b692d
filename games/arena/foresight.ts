import type { Foresight } from '@meydan/contracts/core'
import { RELOAD_TICKS, SHOT_PER_TICK, SHOT_SLOTS_PER_SEAT } from './balance.ts'
import { hindsightOf } from './hindsight.ts'
import { BORN_MODULUS, type inputLayout, type viewLayout } from './layout.ts'
import { type Body, moveAvatar } from './movement.ts'
import { shotDistance } from './shots.ts'
import { LIFE, PHASE } from './state.ts'

/** A shot as the view tells of it. */
export interface ArenaShot {
  readonly x: number
  readonly y: number
  readonly aim: number
  readonly born: number
  readonly hindsight: number
}

/** What a player can know of the own avatar ahead of the server. */
export interface ArenaOwn extends Body {
  readonly phase: number
  readonly phaseEndsTick: number
  /** The first tick at which it may fire again. */
  reloadedTick: number
  /** Shots that the server has not told of yet. */
  fired: readonly ArenaShot[]
}

/** Plays the own avatar ahead of the server: it moves and fires by the rules of `play.ts`. */
export const arenaForesight: Foresight<ArenaOwn, typeof inputLayout, typeof viewLayout> = {
  own(view, seat, tick, before) {
    const avatar = view.avatars.get(seat)
    const match = view.match.get(0)
    if (!avatar || !match || avatar.life === LIFE.dead || match.phase === PHASE.over) return undefined
    const { x, y } = avatar
    let reloadedTick = before?.reloadedTick ?? 0
    for (let slot = seat * SHOT_SLOTS_PER_SEAT; slot < (seat + 1) * SHOT_SLOTS_PER_SEAT; slot++) {
      const shot = view.shots.get(slot)
      // A view does not tell when one may fire again, but the shots that one has in the air do.
      if (shot) reloadedTick = Math.max(reloadedTick, tick - ageOf(shot.born, tick) + RELOAD_TICKS)
    }
    return { x, y, phase: match.phase, phaseEndsTick: match.endsTick, reloadedTick, fired: [] }
  },

  step(own, input, { tick, seenTick }) {
    const next = { ...own }
    moveAvatar(next, input)
    const mayFire = (own.phase === PHASE.playing) === tick < own.phaseEndsTick
    if (input.fire === 1 && mayFire && tick >= own.reloadedTick) {
      const { x, y } = next
      const hindsight = hindsightOf(tick - 1, seenTick)
      next.reloadedTick = tick + RELOAD_TICKS
      next.fired = [...own.fired, { x, y, aim: input.aim, born: tick % BORN_MODULUS, hindsight }]
    }
    return next
  },

  place: ({ x, y }) => [x, y],
  // Farther than an avatar runs in the half second after which the server lets go of its stick.
  jumpsBeyond: 150,
}

/**
 * How far a shot has flown, in px, on a screen that shows the avatars as they were at `shownTick` (which may be a fraction): drawn
 * there, it meets on the screen whom it meets on the server. 0 while it has not left the barrel there.
 */
export function shotShownAt({ born, hindsight }: ArenaShot, shownTick: number): number {
  return shotDistance(born, shownTick + hindsight)
}

function ageOf(born: number, tick: number): number {
  return shotDistance(born, tick) / SHOT_PER_TICK
}
