import {
  AVATAR_RADIUS,
  HASTE_RETURN_TICKS,
  HASTE_TICKS,
  HEALTH_MAX,
  MEDKIT_HEALTH,
  MEDKIT_RETURN_TICKS,
  PICKUP_RADIUS,
  SHELLS_IN_BOX,
  SHELLS_MAX,
  SHELLS_RETURN_TICKS,
} from './balance.ts'
import { distanceSquared } from './geometry.ts'
import { PICKUP, PICKUPS, type Pickup } from './map.ts'
import type { ArenaState, Avatar } from './state.ts'

/** Of an avatar, what pickups have to do with. */
type Taker = Pick<Avatar, 'x' | 'y' | 'health' | 'shells' | 'hasteEndsTick'>

const REACH_SQUARED = (AVATAR_RADIUS + PICKUP_RADIUS) ** 2

/** Takes what the avatar touches and has a use for; the rest it leaves to others. */
export function takePickups(state: ArenaState, avatar: Avatar): void {
  for (let index = 0; index < PICKUPS.length; index++) {
    const pickup = PICKUPS[index]
    if (!pickup || state.tick < (state.pickupReturnsTick[index] ?? 0)) continue
    const awayTicks = takeIfTouched(pickup, avatar, state.tick)
    if (awayTicks > 0) state.pickupReturnsTick[index] = state.tick + awayTicks
  }
}

/** Takes a pickup that lies there, when it is touched and of use, and says after how many ticks it lies there again; 0: it was left. */
export function takeIfTouched(pickup: Pickup, taker: Taker, tick: number): number {
  if (distanceSquared(taker, pickup) > REACH_SQUARED || !isOfUse(pickup.kind, taker, tick)) return 0
  return take(pickup.kind, taker, tick)
}

/** Whether an avatar would take a pickup of this kind now. */
export function isOfUse(kind: number, avatar: Taker, tick: number): boolean {
  if (kind === PICKUP.medkit) return avatar.health < HEALTH_MAX
  return kind === PICKUP.shells ? avatar.shells < SHELLS_MAX : tick >= avatar.hasteEndsTick
}

/** Gives what the pickup holds, and says after how many ticks it lies there again. */
function take(kind: number, avatar: Taker, tick: number): number {
  if (kind === PICKUP.medkit) {
    avatar.health = Math.min(HEALTH_MAX, avatar.health + MEDKIT_HEALTH)
    return MEDKIT_RETURN_TICKS
  }
  if (kind === PICKUP.shells) {
    avatar.shells = Math.min(SHELLS_MAX, avatar.shells + SHELLS_IN_BOX)
    return SHELLS_RETURN_TICKS
  }
  // From the next tick on: this tick's step is made.
  avatar.hasteEndsTick = tick + 1 + HASTE_TICKS
  return HASTE_RETURN_TICKS
}
