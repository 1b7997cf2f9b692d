import type { Plain, Random } from '@meydan/contracts/core'
import {
  BOLT_SLOTS,
  HINDSIGHT_TICKS_MAX,
  MATCH_MS,
  SEATS_MAX,
  SHOT_SLOTS_PER_SEAT,
  ticks,
  WARMUP_MS,
} from './balance.ts'
import { PICKUPS, SPAWNS } from './map.ts'

/** What has become of a seat. `dead`, `shielded` and `alive` are also what the view says. */
export const LIFE = { absent: 0, left: 1, dead: 2, shielded: 3, alive: 4 } as const

/** Which trigger is pulled. An empty scatter fires bolts. */
export const FIRE = { none: 0, bolt: 1, scatter: 2 } as const

export const PHASE = { warmup: 0, playing: 1, over: 2 } as const

/** One seat's avatar. All fields are numbers, so that a snapshot is a list of numbers. */
export interface Avatar {
  /** A value of LIFE. */
  life: number
  /** When dead: the tick it comes back. When shielded: the tick the shield ends. */
  lifeUntilTick: number
  x: number
  y: number
  /** How far it moved in the last tick, in px: what an onlooker can tell of where it is going. */
  movedX: number
  movedY: number
  /** 1/1,024 of a turn. */
  aim: number
  /** The input in force: it holds until the next one, for INPUT_HELD_TICKS at most. */
  moveX: number
  moveY: number
  /** The trigger that is held, a value of FIRE. */
  fire: number
  /** The trigger that was pulled since the last tick, even if it was let go again before this one. The scatter's goes first. */
  tapped: number
  inputTick: number
  /** How many ticks ago the player saw the others when giving that input: 0 to HINDSIGHT_TICKS_MAX. */
  hindsight: number
  /** The first tick at which it may fire again. */
  reloadedTick: number
  /** Which of the seat's slots its next bolt takes: 0 to BOLT_SLOTS − 1. */
  nextSlot: number
  /** The same for the first pellet of its next blast: BOLT_SLOTS to SHOT_SLOTS_PER_SEAT − PELLETS. */
  nextBlastSlot: number
  /** What the scatter has left to fire. */
  shells: number
  /** Haste lasts before this tick; a past tick: none. It stays when haste is over, so that the end costs no bytes. */
  hasteEndsTick: number
  health: number
  score: number
  kills: number
  deaths: number
}

/** A slot for a shot, which is a bolt or a pellet. A shot is where and when it began; where it is now follows from that. The slot's number tells the owner and the weapon. */
export interface Shot {
  live: boolean
  x: number
  y: number
  aim: number
  bornTick: number
  /** px from (x, y) to where it ends: the first wall, or its weapon's range. */
  range: number
  /** It meets the others where they were so many ticks ago, for as long as it flies: that is where its shooter sees them. */
  hindsight: number
}

/** Of an avatar, what a shot asks about. */
export type Trace = Pick<Avatar, 'life' | 'x' | 'y'>

export interface ArenaState {
  /** The last tick that was played. */
  tick: number
  /** A value of PHASE. */
  phase: number
  phaseEndsTick: number
  matchTicks: number
  /** Since when one player or none is left of several; −1: not so. */
  aloneSinceTick: number
  /** Why the match ended; empty before that. */
  reason: string
  /** By seat. Always SEATS_MAX of them, as all lists here have a fixed length: nothing grows during a match. */
  readonly avatars: Avatar[]
  /** Slots seat × SHOT_SLOTS_PER_SEAT and up belong to the seat. */
  readonly shots: Shot[]
  /** By tick modulo its length, then by seat: the avatars at the end of the last HINDSIGHT_TICKS_MAX ticks. */
  readonly past: Trace[][]
  /** By pickup: the first tick at which it lies there again. */
  readonly pickupReturnsTick: number[]
  /** Spawn points in the order this match prefers them when they are equally far from enemies. */
  readonly spawnOrder: number[]
}

export function blankAvatar(): Avatar {
  return {
    life: LIFE.absent,
    lifeUntilTick: 0,
    x: 0,
    y: 0,
    movedX: 0,
    movedY: 0,
    aim: 0,
    moveX: 0,
    moveY: 0,
    fire: 0,
    tapped: 0,
    inputTick: 0,
    hindsight: 0,
    reloadedTick: 0,
    nextSlot: 0,
    nextBlastSlot: BOLT_SLOTS,
    shells: 0,
    hasteEndsTick: 0,
    health: 0,
    score: 0,
    kills: 0,
    deaths: 0,
  }
}

export function blankShot(): Shot {
  return { live: false, x: 0, y: 0, aim: 0, bornTick: 0, range: 0, hindsight: 0 }
}

export function blankPast(): Trace[][] {
  return Array.from({ length: HINDSIGHT_TICKS_MAX }, () =>
    Array.from({ length: SEATS_MAX }, () => ({ life: LIFE.absent, x: 0, y: 0 })),
  )
}

/**
 * A match nobody has joined yet. Options: `matchMs` (1,000 to 180,000; default 180,000) and `warmupMs` (0 to 10,000;
 * default 3,000). Throws RangeError when one of them is something else.
 */
export function createState(random: Random, options: { readonly [key: string]: Plain }): ArenaState {
  const warmupTicks = ticks(durationMs(options, 'warmupMs', WARMUP_MS, 0, 10_000))
  const matchTicks = ticks(durationMs(options, 'matchMs', MATCH_MS, 1_000, MATCH_MS))
  return {
    tick: 0,
    phase: PHASE.warmup,
    phaseEndsTick: warmupTicks,
    matchTicks,
    aloneSinceTick: -1,
    reason: '',
    avatars: Array.from({ length: SEATS_MAX }, blankAvatar),
    shots: Array.from({ length: SEATS_MAX * SHOT_SLOTS_PER_SEAT }, blankShot),
    past: blankPast(),
    pickupReturnsTick: PICKUPS.map(() => 0),
    spawnOrder: shuffled(SPAWNS.length, random),
  }
}

/** The avatar of a seat. Throws RangeError for a seat the game does not have: that is a mistake of the caller. */
export function avatarOf(state: ArenaState, seat: number): Avatar {
  const avatar = state.avatars[seat]
  if (!avatar) throw new RangeError(`the arena has no seat ${seat}`)
  return avatar
}

/** Whether the avatar is on the field and can be seen, moved and hit. */
export function isUp(avatar: Trace): boolean {
  return avatar.life >= LIFE.shielded
}

/** Whether the seat has a player, dead or alive. */
export function isPresent(avatar: Avatar): boolean {
  return avatar.life >= LIFE.dead
}

function durationMs(
  options: { readonly [key: string]: Plain },
  name: string,
  fallback: number,
  min: number,
  max: number,
): number {
  const value = options[name] ?? fallback
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw new RangeError(`the arena's option ${name} must be a number of milliseconds from ${min} to ${max}`)
  }
  return value
}

/** Whole numbers from 0 in a random order (Fisher and Yates). */
function shuffled(length: number, random: Random): number[] {
  const order = Array.from({ length }, (_, index) => index)
  for (let last = length - 1; last > 0; last--) {
    const other = random.int(0, last)
    const moved = order[last] ?? last
    order[last] = order[other] ?? other
    order[other] = moved
  }
  return order
}
