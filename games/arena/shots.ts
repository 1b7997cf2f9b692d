import { AIM_STEPS, aimX, aimY } from './angle.ts'
import { AVATAR_RADIUS, PELLET_SPREAD, SHOT_SLOTS_PER_SEAT } from './balance.ts'
import { distanceToCircle, distanceToRect } from './geometry.ts'
import { BORN_MODULUS } from './layout.ts'
import { FIELD_HEIGHT, FIELD_WIDTH, OBSTACLES } from './map.ts'
import { isUp, type Shot, type Trace } from './state.ts'
import type { Weapon } from './weapons.ts'

/** The seat that fired the shot in this slot. */
export function shotOwner(slot: number): number {
  return Math.floor(slot / SHOT_SLOTS_PER_SEAT)
}

/** Where one of a weapon's pellets goes when the whole is aimed at `aim`: the fan opens to both sides of it. A bolt goes straight. */
export function pelletAim(aim: number, pellet: number, weapon: Weapon): number {
  return (aim + (pellet - (weapon.pellets - 1) / 2) * PELLET_SPREAD) & (AIM_STEPS - 1)
}

/** How far a shot from (x, y) along `aim` can go, in px: to the first wall or the edge, the weapon's range at most. */
export function shotRange(x: number, y: number, aim: number, weapon: Weapon): number {
  return Math.min(weapon.range, wallDistance(x, y, aimX(aim), aimY(aim)))
}

/** px from (x, y) along the unit vector (dx, dy) to the first wall or the edge of the field. */
export function wallDistance(x: number, y: number, dx: number, dy: number): number {
  let nearest = Number.POSITIVE_INFINITY
  if (dx !== 0) nearest = Math.min(nearest, ((dx > 0 ? FIELD_WIDTH : 0) - x) / dx)
  if (dy !== 0) nearest = Math.min(nearest, ((dy > 0 ? FIELD_HEIGHT : 0) - y) / dy)
  for (const rect of OBSTACLES) nearest = Math.min(nearest, distanceToRect(x, y, dx, dy, rect))
  return nearest
}

/**
 * How far a shot of the view's `shots` table has flown at `tick` (which may be a fraction, between two snapshots), in px:
 * it is at x + aimX(aim) × distance, y + aimY(aim) × distance. At its `shotRange` it has ended, whatever the snapshot says.
 */
export function shotDistance(born: number, tick: number, weapon: Weapon): number {
  const age = (((tick - born) % BORN_MODULUS) + BORN_MODULUS) % BORN_MODULUS
  // A client's clock may run a little behind the snapshot it has: then the shot is not born yet, not 255 ticks old.
  return age > BORN_MODULUS / 2 ? 0 : age * weapon.perTick
}

/**
 * The seat whose avatar a shot meets first on its way from `from` to `to` px, or −1. Where the avatars are is passed in, so
 * that the same test can be asked about where they were. Shots pass their owner and the fallen.
 */
export function firstHit(
  shot: Pick<Shot, 'x' | 'y' | 'aim'>,
  weapon: Weapon,
  owner: number,
  from: number,
  to: number,
  avatars: readonly (Trace | undefined)[],
): number {
  const reach = AVATAR_RADIUS + weapon.radius
  const dx = aimX(shot.aim)
  const dy = aimY(shot.aim)
  let hit = -1
  let nearest = Number.POSITIVE_INFINITY
  for (let seat = 0; seat < avatars.length; seat++) {
    const avatar = avatars[seat]
    if (!avatar || seat === owner || !isUp(avatar)) continue
    const distance = distanceToCircle(shot.x, shot.y, dx, dy, from, to, avatar.x, avatar.y, reach)
    if (distance < nearest) {
      nearest = distance
      hit = seat
    }
  }
  return hit
}
