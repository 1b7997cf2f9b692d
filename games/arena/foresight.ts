import type { Foresight } from '@meydan/contracts/core'
import { SHOT_SLOTS_PER_SEAT } from './balance.ts'
import { hindsightOf } from './hindsight.ts'
import { BORN_MODULUS, type inputLayout, type viewLayout } from './layout.ts'
import { type Body, moveAvatar, stepsPerTick } from './movement.ts'
import { shotDistance } from './shots.ts'
import { FIRE, LIFE, PHASE } from './state.ts'
import { BOLT, SCATTER, shotWeapon, type Weapon } from './weapons.ts'

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
  readonly hasteEndsTick: number
  /** What the scatter has left to fire. */
  shells: number
  /** The first tick at which it may fire again. */
  reloadedTick: number
  /** Bolts that the server has not told of yet. Blasts are over so soon that they are shown when it does. */
  fired: readonly ArenaShot[]
}

/** Plays the own avatar ahead of the server: it moves and fires by the rules of `play.ts`. */
export const arenaForesight: Foresight<ArenaOwn, typeof inputLayout, typeof viewLayout> = {
  own(view, seat, tick, before) {
    const avatar = view.avatars.get(seat)
    const match = view.match.get(0)
    if (!avatar || !match || avatar.life === LIFE.dead || match.phase === PHASE.over) return undefined
    const { x, y, shells, hasteEndsTick } = avatar
    let reloadedTick = before?.reloadedTick ?? 0
    for (let slot = seat * SHOT_SLOTS_PER_SEAT; slot < (seat + 1) * SHOT_SLOTS_PER_SEAT; slot++) {
      const shot = view.shots.get(slot)
      // A view does not tell when one may fire again, but the shots that one has in the air do.
      if (shot)
        reloadedTick = Math.max(
          reloadedTick,
          tick - ageOf(shot.born, tick, shotWeapon(slot)) + shotWeapon(slot).reloadTicks,
        )
    }
    return { x, y, phase: match.phase, phaseEndsTick: match.endsTick, hasteEndsTick, shells, reloadedTick, fired: [] }
  },

  step(own, input, { tick, seenTick }) {
    const next = { ...own }
    moveAvatar(next, input, stepsPerTick(own.hasteEndsTick, tick))
    const mayFire = (own.phase === PHASE.playing) === tick < own.phaseEndsTick
    if (input.fire === FIRE.none || !mayFire || tick < own.reloadedTick) return next
    // An empty scatter fires bolts.
    const weapon = input.fire === FIRE.scatter && own.shells > 0 ? SCATTER : BOLT
    next.reloadedTick = tick + weapon.reloadTicks
    if (weapon === SCATTER) next.shells--
    else {
      const { x, y } = next
      const hindsight = hindsightOf(tick - 1, seenTick)
      next.fired = [...own.fired, { x, y, aim: input.aim, born: tick % BORN_MODULUS, hindsight }]
    }
    return next
  },

  place: ({ x, y }) => [x, y],
  // Farther than an avatar runs in the half second after which the server lets go of its stick.
  jumpsBeyond: 200,
}

/**
 * How far a shot has flown, in px, on a screen that shows the avatars as they were at `shownTick` (which may be a fraction): drawn
 * there, it meets on the screen whom it meets on the server. 0 while it has not left the barrel there.
 */
export function shotShownAt(
  { born, hindsight }: Pick<ArenaShot, 'born' | 'hindsight'>,
  shownTick: number,
  weapon: Weapon,
): number {
  return shotDistance(born, shownTick + hindsight, weapon)
}

function ageOf(born: number, tick: number, weapon: Weapon): number {
  return shotDistance(born, tick, weapon) / weapon.perTick
}
