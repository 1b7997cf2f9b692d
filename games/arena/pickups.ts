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
import { PICKUP, PICKUPS } from './map.ts'
import type { ArenaState, Avatar } from './state.ts'

const REACH_SQUARED = (AVATAR_RADIUS + PICKUP_RADIUS) ** 2

/** Takes what the avatar touches and has a use for; the rest it leaves to others. */
export function takePickups(state: ArenaState, avatar: Avatar): void {
  for (let index = 0; index < PICKUPS.length; index++) {
    const pickup = PICKUPS[index]
    if (!pickup || state.tick < (state.pickupReturnsTick[index] ?? 0)) continue
    if (distanceSquared(avatar, pickup) > REACH_SQUARED || !isOfUse(pickup.kind, avatar, state.tick)) continue
    state.pickupReturnsTick[index] = state.tick + take(pickup.kind, avatar, state.tick)
  }
}

/** Whether an avatar would take a pickup of this kind now. */
export function isOfUse(kind: number, avatar: Avatar, tick: number): boolean {
  if (kind === PICKUP.medkit) return avatar.health < HEALTH_MAX
  return kind === PICKUP.shells ? avatar.shells < SHELLS_MAX : tick >= avatar.hasteEndsTick
}

/** Gives what the pickup holds, and says after how many ticks it lies there again. */
function take(kind: number, avatar: Avatar, tick: number): number {
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
