import type { Row, ViewWriter } from '@meydan/contracts/core'
import { AIM_STEPS } from './angle.ts'
import {
  BOLT_SLOTS,
  HEALTH_MAX,
  HINDSIGHT_TICKS_MAX,
  PELLET_PER_TICK,
  PELLETS,
  POSITION_STEP,
  SHELLS_MAX,
  SHOT_SLOTS_PER_SEAT,
} from './balance.ts'
import { FIELD_HEIGHT, FIELD_WIDTH } from './map.ts'
import { type ArenaState, FIRE, isPresent, LIFE, PHASE, type Shot } from './state.ts'

/** What a client sends. Say it when it changes, and at least every 250 ms: after 500 ms of silence the avatar stops. */
export const inputLayout = {
  /** The stick, right and down positive. Sixteenths: a thumb is no finer. */
  moveX: { min: -1, max: 1, step: 1 / 16 },
  moveY: { min: -1, max: 1, step: 1 / 16 },
  /** 1/1,024 of a turn, 0 along +x, growing clockwise on the screen. */
  aim: { min: 0, max: AIM_STEPS - 1, step: 1 },
  /** The trigger that is held, a value of FIRE. */
  fire: { min: FIRE.none, max: FIRE.scatter, step: 1 },
} as const

export type ArenaInput = Row<typeof inputLayout>

/** Birth ticks travel modulo this: a shot lives for 71 ticks, so 8 bits tell its age. */
export const BORN_MODULUS = 256
/** It flies where the whole blast is aimed. */
const MIDDLE_PELLET = (PELLETS - 1) / 2
/** An avatar's aim is only drawn; a quarter of the input's fineness (1.4°) does. */
const AIM_SHOWN_STEP = 4

/** Every match is over before this tick. */
const TICK_MAX = 16_383

const x = { min: 0, max: FIELD_WIDTH, step: POSITION_STEP } as const
const y = { min: 0, max: FIELD_HEIGHT, step: POSITION_STEP } as const

export const viewLayout = {
  /** By seat, while its player is in the match. `life` is a value of LIFE. A dead one lies where it fell. */
  avatars: {
    x,
    y,
    aim: { min: 0, max: AIM_STEPS - AIM_SHOWN_STEP, step: AIM_SHOWN_STEP },
    health: { min: 0, max: HEALTH_MAX, step: 1 },
    life: { min: LIFE.dead, max: LIFE.alive, step: 1 },
    /** What the scatter has left to fire. */
    shells: { min: 0, max: SHELLS_MAX, step: 1 },
    /** Haste lasts before this tick (`stepsPerTick`). It stays when haste is over: neither its clock nor its end costs a byte. */
    hasteEndsTick: { min: 0, max: TICK_MAX, step: 1 },
  },
  /** By seat, also of those who left: what a scoreboard shows. Apart from `avatars` because it changes so much less often. */
  scores: {
    score: { min: 0, max: 32_767, step: 1 },
    kills: { min: 0, max: 511, step: 1 },
    deaths: { min: 0, max: 255, step: 1 },
  },
  /**
   * By slot; `shotOwner` gives the seat and `shotWeapon` the weapon. `shotDistance` says where it is, at no cost while it
   * flies. A blast is one row, under the slot of its first pellet; `pelletAim` gives the directions of its fan.
   */
  shots: {
    x,
    y,
    aim: { min: 0, max: AIM_STEPS - 1, step: 1 },
    born: { min: 0, max: BORN_MODULUS - 1, step: 1 },
    /** A bit for each pellet that has struck somebody. 0 for a bolt, which then has no row any more. */
    spent: { min: 0, max: 2 ** PELLETS - 1, step: 1 },
    /** It meets the others where they were so many ticks before. */
    hindsight: { min: 0, max: HINDSIGHT_TICKS_MAX, step: 1 },
  },
  /** By index in PICKUPS. */
  pickups: { ready: { min: 0, max: 1, step: 1 } },
  /** One row. The time left is `endsTick` minus the snapshot's tick, so a clock costs no bytes. */
  match: {
    /** A value of PHASE. */
    phase: { min: PHASE.warmup, max: PHASE.over, step: 1 },
    /** The tick at which the phase ends, or ended when the match is over. */
    endsTick: { min: 0, max: TICK_MAX, step: 1 },
  },
} as const

// The writer reads these at once and keeps none of them, so one of each serves every view of every room.
const avatarRow = { x: 0, y: 0, aim: 0, health: 0, life: 0, shells: 0, hasteEndsTick: 0 }
const shotRow = { x: 0, y: 0, aim: 0, born: 0, spent: 0, hindsight: 0 }
const pickupRow = { ready: 0 }
const matchRow = { phase: 0, endsTick: 0 }

/** Writes what everybody sees; the arena hides nothing. */
export function writeView(state: ArenaState, out: ViewWriter<typeof viewLayout>): void {
  for (let seat = 0; seat < state.avatars.length; seat++) {
    const avatar = state.avatars[seat]
    if (!avatar || avatar.life === LIFE.absent) continue
    out.row('scores', seat, avatar)
    if (!isPresent(avatar)) continue
    avatarRow.x = avatar.x
    avatarRow.y = avatar.y
    // Down, not to nearest: nearest would round the last steps of a turn up to a full turn, which clamps to its other side.
    avatarRow.aim = avatar.aim - (avatar.aim % AIM_SHOWN_STEP)
    avatarRow.health = avatar.health
    avatarRow.life = avatar.life
    avatarRow.shells = avatar.shells
    avatarRow.hasteEndsTick = avatar.hasteEndsTick
    out.row('avatars', seat, avatarRow)
  }
  for (let first = 0; first < state.shots.length; first += SHOT_SLOTS_PER_SEAT) {
    const blasts = first + BOLT_SLOTS
    for (let slot = first; slot < blasts; slot++) {
      const bolt = state.shots[slot]
      if (bolt?.live) writeShot(slot, bolt, 0, out)
    }
    for (let slot = blasts; slot < first + SHOT_SLOTS_PER_SEAT; slot += PELLETS) writeBlast(state, slot, out)
  }
  for (let pickup = 0; pickup < state.pickupReturnsTick.length; pickup++) {
    pickupRow.ready = state.tick >= (state.pickupReturnsTick[pickup] ?? 0) ? 1 : 0
    out.row('pickups', pickup, pickupRow)
  }
  matchRow.phase = state.phase
  matchRow.endsTick = state.phaseEndsTick
  out.row('match', 0, matchRow)
}

/** The blast whose first pellet is in this slot, while any of its pellets flies. */
function writeBlast(state: ArenaState, first: number, out: ViewWriter<typeof viewLayout>): void {
  let flies = false
  let spent = 0
  for (let pellet = 0; pellet < PELLETS; pellet++) {
    const shot = state.shots[first + pellet]
    if (shot?.live) flies = true
    // Where walls and the range end a pellet, a client finds out by itself.
    else if (shot && (state.tick - shot.bornTick) * PELLET_PER_TICK < shot.range) spent |= 1 << pellet
  }
  const middle = state.shots[first + MIDDLE_PELLET]
  if (flies && middle) writeShot(first, middle, spent, out)
}

function writeShot(slot: number, shot: Shot, spent: number, out: ViewWriter<typeof viewLayout>): void {
  shotRow.x = shot.x
  shotRow.y = shot.y
  shotRow.aim = shot.aim
  shotRow.born = shot.bornTick % BORN_MODULUS
  shotRow.spent = spent
  shotRow.hindsight = shot.hindsight
  out.row('shots', slot, shotRow)
}
