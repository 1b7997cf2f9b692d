import { SHELLS_MAX } from './balance.ts'
import { PICKUP, PICKUPS, type Point } from './map.ts'
import { isOfUse } from './pickups.ts'
import type { ArenaState, Avatar } from './state.ts'

/** A bot with less health than this goes for a medkit, and keeps its distance. */
export const HEALTH_LOW = 45
/** Pickups farther than this are not worth the way, in px. */
const FAR = 900

export interface Errand {
  readonly to: Point
  /** What going there is worth beside the fight. */
  readonly worth: number
}

/** The pickup that is worth most now, less so the farther it is; undefined when none is worth the way. */
export function chooseErrand(state: ArenaState, me: Avatar): Errand | undefined {
  let best: Errand | undefined
  for (let index = 0; index < PICKUPS.length; index++) {
    const to = PICKUPS[index]
    if (!to || state.tick < (state.pickupReturnsTick[index] ?? 0) || !isOfUse(to.kind, me, state.tick)) continue
    const worth = needOf(to.kind, me) * (1 - Math.hypot(to.x - me.x, to.y - me.y) / FAR)
    if (worth > 0 && worth > (best?.worth ?? 0)) best = { to, worth }
  }
  return best
}

function needOf(kind: number, me: Avatar): number {
  if (kind === PICKUP.medkit) return me.health <= HEALTH_LOW ? 2 : 0
  return kind === PICKUP.shells ? 1.4 * (1 - me.shells / SHELLS_MAX) : 0.8
}
