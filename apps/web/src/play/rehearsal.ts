import { type Random, seededRandom, type Turn } from '@meydan/contracts/core'
import {
  type ArenaState,
  aimX,
  aimY,
  arena,
  LIFE,
  PHASE,
  PICKUPS,
  type Pickup,
  type Point,
  shotOwner,
  shotWeapon,
} from '@meydan/games/arena'

const SKILLS = [0.55, 0.35, 0.7, 0.45] as const
/** As often as the platform asks its bots. */
const BOT_EVERY_TICKS = 8
/** A page that was away goes on rather than catches up. */
const BEHIND_MS_MAX = 120
const WARMUP_TICKS_MAX = 2_000

export interface RehearsedAvatar extends Point {
  readonly seat: number
  /** 1/1,024 of a turn. */
  readonly aim: number
  readonly isShielded: boolean
}
export interface RehearsedShot extends Point {
  readonly seat: number
}
export interface Rehearsed {
  readonly avatars: readonly RehearsedAvatar[]
  readonly shots: readonly RehearsedShot[]
  readonly pickups: readonly Pickup[]
}

/** A match of bots by the arena's own rules, in this browser and for nobody's score: it shows what the game is. */
export class Rehearsal {
  readonly #random: Random
  #state: ArenaState
  #tick = 0
  #behindMs = 0

  constructor(seed: number) {
    this.#random = seededRandom(seed)
    this.#state = this.#begin()
  }

  /** Plays on for so many milliseconds; after the last one a new match begins. */
  run(ms: number): void {
    this.#behindMs = Math.min(this.#behindMs + ms, BEHIND_MS_MAX)
    for (; this.#behindMs >= arena.tickMs; this.#behindMs -= arena.tickMs) this.#play(this.#state)
    if (arena.outcome(this.#state)) this.#state = this.#begin()
  }

  /** What there is to see now. */
  scene(): Rehearsed {
    const { tick, avatars, shots, pickupReturnsTick } = this.#state
    return {
      avatars: avatars.flatMap(({ life, x, y, aim }, seat) =>
        life === LIFE.alive || life === LIFE.shielded ? [{ seat, x, y, aim, isShielded: life === LIFE.shielded }] : [],
      ),
      shots: shots.flatMap(({ live, x, y, aim, bornTick }, slot) => {
        const flown = (tick - bornTick) * shotWeapon(slot).perTick
        return live ? [{ seat: shotOwner(slot), x: x + aimX(aim) * flown, y: y + aimY(aim) * flown }] : []
      }),
      pickups: PICKUPS.filter((_, index) => tick >= (pickupReturnsTick[index] ?? 0)),
    }
  }

  #begin(): ArenaState {
    this.#tick = 0
    const state = arena.create({ random: this.#random, options: {} })
    for (const index of SKILLS.keys()) {
      arena.join(state, { index, playerId: String(index + 1), name: '', bot: true }, this.#turn())
    }
    // Nobody comes to see them wait.
    while (state.phase === PHASE.warmup && this.#tick < WARMUP_TICKS_MAX) this.#play(state)
    return state
  }

  #play(state: ArenaState): void {
    this.#tick++
    const turn = this.#turn()
    if (this.#tick % BOT_EVERY_TICKS === 0) {
      for (const [seat, skill] of SKILLS.entries()) {
        const input = arena.bot(state, seat, skill, this.#random)
        if (input) arena.input(state, seat, input, turn)
      }
    }
    arena.tick(state, turn)
  }

  #turn(): Turn {
    return { tick: this.#tick, timeMs: this.#tick * arena.tickMs, random: this.#random, emit: () => undefined }
  }
}
