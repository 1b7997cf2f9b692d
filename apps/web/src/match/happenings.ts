import { LIFE, PHASE, shotOwner, shotWeapon, type Weapon } from '@meydan/games/arena'
import type { Place } from './camera.ts'
import type { ArenaRoom } from './shown.ts'

type View = ArenaRoom['view']

/** What can be seen and heard to have happened between two views. */
export type Happening =
  | { readonly what: 'fired'; readonly weapon: Weapon; readonly seat: number; readonly at: Place }
  | { readonly what: 'hurt'; readonly seat: number; readonly at: Place; readonly health: number }
  /** The player's own shot has done harm. */
  | { readonly what: 'struck' }
  /** The player has picked something up. */
  | { readonly what: 'taken' }
  | { readonly what: 'back'; readonly at: Place }
  | { readonly what: 'began' }

/** There are no events for these: health, scores and rows tell them, at no cost. `seat` is the player's own; null: who watches has none. */
export function happenings(before: View, after: View, seat: number | null): Happening[] {
  const mine = seat === null ? [] : own(before, after, seat)
  return [...fired(before, after), ...hurt(before, after), ...mine, ...began(before, after)]
}

function fired(before: View, after: View): Happening[] {
  return [...after.shots].flatMap(([slot, { x, y, born }]) => {
    if (before.shots.get(slot)?.born === born) return []
    return [{ what: 'fired' as const, weapon: shotWeapon(slot), seat: shotOwner(slot), at: { x, y } }]
  })
}

function hurt(before: View, after: View): Happening[] {
  return [...after.avatars].flatMap(([seat, { x, y, health }]) => {
    const lost = (before.avatars.get(seat)?.health ?? 0) - health
    return lost > 0 ? [{ what: 'hurt' as const, seat, at: { x, y }, health: lost }] : []
  })
}

function own(before: View, after: View, seat: number): Happening[] {
  const told: Happening[] = []
  const [was, is] = [before.avatars.get(seat), after.avatars.get(seat)]
  if ((after.scores.get(seat)?.score ?? 0) > (before.scores.get(seat)?.score ?? 0)) told.push({ what: 'struck' })
  if (was && is && was.life === LIFE.dead && is.life !== LIFE.dead) told.push({ what: 'back', at: is })
  else if (was && is) {
    const hasMore = is.health > was.health || is.shells > was.shells || is.hasteEndsTick > was.hasteEndsTick
    if (hasMore) told.push({ what: 'taken' })
  }
  return told
}

function began(before: View, after: View): Happening[] {
  const [was, is] = [before.match.get(0)?.phase, after.match.get(0)?.phase]
  return was === PHASE.warmup && is === PHASE.playing ? [{ what: 'began' }] : []
}
