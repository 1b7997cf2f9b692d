import type { Turn } from '@meydan/contracts/core'
import { type ArenaState, arena, shotOwner, shotWeapon, type Weapon } from '@meydan/games/arena'

/** What became of one shot on the server. */
export interface Judged {
  readonly owner: number
  readonly weapon: Weapon
  readonly aim: number
  readonly bornTick: number
  readonly hindsight: number
  /** The tick it ended; undefined while it flies. */
  endTick: number | undefined
  hasHit: boolean
  /** Whose health it may have taken: all that were hurt in that tick. None when a shield or a death has swallowed it. */
  victims: readonly number[]
}

/** The arena, with somebody who watches what the server decides. */
export function refereed(): { readonly game: typeof arena; readonly shots: Judged[]; readonly states: ArenaState[] } {
  const shots: Judged[] = []
  const states: ArenaState[] = []
  const flying = new Map<number, Judged>()
  const tick = (state: ArenaState, turn: Turn): void => {
    if (states[0] !== state) states.unshift(state)
    const scores = state.avatars.map((avatar) => avatar.score)
    const health = state.avatars.map((avatar) => avatar.health)
    arena.tick(state, turn)
    const victims = state.avatars.flatMap((avatar, seat) => (avatar.health < (health[seat] ?? 0) ? [seat] : []))
    for (const [slot, shot] of state.shots.entries()) {
      const known = flying.get(slot)
      if (shot.live && shot.bornTick === state.tick) {
        const { aim, bornTick, hindsight } = shot
        const [owner, weapon] = [shotOwner(slot), shotWeapon(slot)]
        const judged = { owner, weapon, aim, bornTick, hindsight, endTick: undefined, hasHit: false, victims: [] }
        flying.set(slot, judged)
        shots.push(judged)
      } else if (!shot.live && known) {
        flying.delete(slot)
        known.endTick = state.tick
        const hasScored = (state.avatars[known.owner]?.score ?? 0) > (scores[known.owner] ?? 0)
        // What ended before a wall or its range has met somebody; in its last step it has if that was worth something.
        known.hasHit = hasScored || (state.tick - shot.bornTick) * known.weapon.perTick < shot.range
        known.victims = hasScored ? victims : []
      }
    }
  }
  return { game: { ...arena, tick }, shots, states }
}
