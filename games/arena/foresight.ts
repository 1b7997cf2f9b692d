import type { Foresight, Row } from '@meydan/contracts/core'
import { SHOT_SLOTS_PER_SEAT } from './balance.ts'
import { hindsightOf } from './hindsight.ts'
import { BORN_MODULUS, type inputLayout, type viewLayout } from './layout.ts'
import { PICKUPS } from './map.ts'
import { type Body, moveAvatar, stepsPerTick } from './movement.ts'
import { takeIfTouched } from './pickups.ts'
import { pelletAim, shotDistance } from './shots.ts'
import { FIRE, LIFE, PHASE } from './state.ts'
import { BOLT, SCATTER, shotWeapon, type Weapon } from './weapons.ts'

/** A bolt or a pellet, as a view or a prediction tells of it. */
export interface ArenaShot {
  readonly x: number
  readonly y: number
  readonly aim: number
  readonly born: number
  readonly hindsight: number
  readonly weapon: Weapon
  /** The server has not told of it yet. */
  readonly isForetold?: boolean
}

/** What a player can know of the own avatar ahead of the server. */
export interface ArenaOwn extends Body {
  readonly phase: number
  readonly phaseEndsTick: number
  health: number
  shells: number
  hasteEndsTick: number
  /** The pickups that lie on the field, by index in PICKUPS. */
  lying: readonly number[]
  /** The first tick at which it may fire again. */
  reloadedTick: number
  /** Shots that the server has not told of yet. */
  fired: readonly ArenaShot[]
}

/** Plays the own avatar ahead of the server: it moves, takes and fires by the rules of `play.ts`. */
export const arenaForesight: Foresight<ArenaOwn, typeof inputLayout, typeof viewLayout> = {
  own(view, seat, tick, before) {
    const avatar = view.avatars.get(seat)
    const match = view.match.get(0)
    if (!avatar || !match || avatar.life === LIFE.dead || match.phase === PHASE.over) return undefined
    const { x, y, health, shells, hasteEndsTick } = avatar
    let reloadedTick = before?.reloadedTick ?? 0
    for (let slot = seat * SHOT_SLOTS_PER_SEAT; slot < (seat + 1) * SHOT_SLOTS_PER_SEAT; slot++) {
      const shot = view.shots.get(slot)
      // A view does not tell when one may fire again, but the shots that one has in the air do.
      if (shot) reloadedTick = Math.max(reloadedTick, tick - ageOf(shot.born, tick) + shotWeapon(slot).reloadTicks)
    }
    const lying = [...view.pickups].flatMap(([index, { ready }]) => (ready === 1 ? [index] : []))
    const { phase, endsTick: phaseEndsTick } = match
    return { x, y, health, shells, hasteEndsTick, lying, phase, phaseEndsTick, reloadedTick, fired: [] }
  },

  step(own, input, { tick, seenTick }) {
    const next = { ...own }
    moveAvatar(next, input, stepsPerTick(own.hasteEndsTick, tick))
    next.lying = own.lying.filter((index) => {
      const pickup = PICKUPS[index]
      return pickup && takeIfTouched(pickup, next, tick) === 0
    })
    const mayFire = (own.phase === PHASE.playing) === tick < own.phaseEndsTick
    if (input.fire !== FIRE.none && mayFire && tick >= own.reloadedTick) {
      fire(next, input, tick, hindsightOf(tick - 1, seenTick))
    }
    return next
  },

  place: ({ x, y }) => [x, y],
  // Farther than an avatar runs in the half second after which the server lets go of its stick.
  jumpsBeyond: 150,
}

function fire(own: ArenaOwn, { fire: trigger, aim }: Row<typeof inputLayout>, tick: number, hindsight: number): void {
  const weapon = trigger === FIRE.scatter && own.shells > 0 ? SCATTER : BOLT
  own.reloadedTick = tick + weapon.reloadTicks
  if (weapon === SCATTER) own.shells--
  const { x, y } = own
  own.fired = [...own.fired, ...fanOf({ x, y, aim, born: tick % BORN_MODULUS, hindsight, weapon, isForetold: true })]
}

/** The shots that a row of the view's `shots` tells of: a bolt, or each pellet of a blast that has not struck anybody. */
export function shotsOfRow(slot: number, row: Row<(typeof viewLayout)['shots']>): ArenaShot[] {
  const { x, y, aim, born, hindsight, spent } = row
  return fanOf({ x, y, aim, born, hindsight, weapon: shotWeapon(slot) }).filter((_, pellet) => !((spent >> pellet) & 1))
}

function fanOf(middle: ArenaShot): ArenaShot[] {
  const { weapon, aim } = middle
  return Array.from({ length: weapon.pellets }, (_, pellet) => ({ ...middle, aim: pelletAim(aim, pellet, weapon) }))
}

/**
 * How far a shot has flown, in px, on a screen that shows the avatars as they were at `shownTick` (which may be a fraction): drawn
 * there, it meets on the screen whom it meets on the server. 0 while it has not left the barrel there.
 */
export function shotShownAt({ born, hindsight, weapon }: ArenaShot, shownTick: number): number {
  return shotDistance(born, shownTick + hindsight, weapon)
}

function ageOf(born: number, tick: number): number {
  return shotDistance(born, tick, BOLT) / BOLT.perTick
}
