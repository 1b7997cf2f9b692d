import {
  BOLT_SLOTS,
  PELLET_DAMAGE,
  PELLET_PER_TICK,
  PELLET_RADIUS,
  PELLET_RANGE,
  PELLETS,
  RELOAD_TICKS,
  SCATTER_RELOAD_TICKS,
  SHOT_DAMAGE,
  SHOT_PER_TICK,
  SHOT_RADIUS,
  SHOT_RANGE,
  SHOT_SLOTS_PER_SEAT,
} from './balance.ts'
import { FIRE } from './state.ts'

/** What a shot is like. Lengths in px. */
export interface Weapon {
  /** The trigger that fires it, a value of FIRE; a KILL names it by this, too. */
  readonly fire: number
  /** How many shots leave at once. */
  readonly pellets: number
  readonly perTick: number
  readonly range: number
  readonly radius: number
  /** Of one pellet. */
  readonly damage: number
  /** For how many ticks neither weapon fires after it. */
  readonly reloadTicks: number
}

export const BOLT: Weapon = {
  fire: FIRE.bolt,
  pellets: 1,
  perTick: SHOT_PER_TICK,
  range: SHOT_RANGE,
  radius: SHOT_RADIUS,
  damage: SHOT_DAMAGE,
  reloadTicks: RELOAD_TICKS,
}

export const SCATTER: Weapon = {
  fire: FIRE.scatter,
  pellets: PELLETS,
  perTick: PELLET_PER_TICK,
  range: PELLET_RANGE,
  radius: PELLET_RADIUS,
  damage: PELLET_DAMAGE,
  reloadTicks: SCATTER_RELOAD_TICKS,
}

/** The weapon whose shot is in this slot: of a seat's slots the bolts' come first. So a shot's row need not say it. */
export function shotWeapon(slot: number): Weapon {
  return slot % SHOT_SLOTS_PER_SEAT < BOLT_SLOTS ? BOLT : SCATTER
}
