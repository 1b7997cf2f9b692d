import { BOLT, TICK_MS } from '@meydan/games/arena'
import type { Place } from './camera.ts'
import type { Field } from './field.ts'
import type { Happening } from './happenings.ts'
import type { Sounds } from './sound.ts'
import type { WeaponChoice } from './weapon.ts'

/** Beyond this many px of the field a sound is not heard. */
const EARSHOT = 1_100
/** What is this far to one side is heard on that side only. */
const PAN_FULL = 900
/** A loss of so much health shakes the picture as much as it is ever shaken. */
const HURT_MOST = 60

interface Feedback {
  /** The player's own; null for whoever watches: nothing that happens is felt, and all of it is heard. */
  readonly seat: number | null
  readonly field: Field
  readonly sounds: Sounds
  readonly choice?: WeaponChoice
  /** Where the player is. */
  readonly own: () => Place
}

/** Lets the player feel what happened: sounds, a shake, and the weapon that loads. */
export function feel(
  happened: readonly Happening[],
  { seat, field, sounds, choice, own }: Feedback,
  nowMs: number,
): void {
  const here = own()
  for (const one of happened) {
    if (one.what === 'fired') {
      if (one.seat === seat) choice?.fired(nowMs, one.weapon.reloadTicks * TICK_MS)
      sounds.play(one.weapon === BOLT ? 'bolt' : 'scatter', loudness(one.at, here), side(one.at, here))
    } else if (one.what === 'hurt') {
      if (one.seat !== seat) continue
      field.shake(Math.min(1, one.health / HURT_MOST), nowMs)
      sounds.play('hurt')
    } else sounds.play(one.what)
  }
}

function loudness(at: Place, here: Place): number {
  return Math.max(0, 1 - Math.hypot(at.x - here.x, at.y - here.y) / EARSHOT)
}

function side(at: Place, here: Place): number {
  return Math.max(-1, Math.min(1, (at.x - here.x) / PAN_FULL))
}
