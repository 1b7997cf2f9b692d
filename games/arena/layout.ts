import type { Row, ViewWriter } from '@meydan/contracts/core'
import { AIM_STEPS } from './angle.ts'
import { HEALTH_MAX, HINDSIGHT_TICKS_MAX, POSITION_STEP } from './balance.ts'
import { FIELD_HEIGHT, FIELD_WIDTH } from './map.ts'
import { type ArenaState, isPresent, LIFE, PHASE } from './state.ts'

/** What a client sends. Say it when it changes, and at least every 250 ms: after 500 ms of silence the avatar stops. */
export const inputLayout = {
  /** The stick, right and down positive. Sixteenths: a thumb is no finer. */
  moveX: { min: -1, max: 1, step: 1 / 16 },
  moveY: { min: -1, max: 1, step: 1 / 16 },
  /** 1/1,024 of a turn, 0 along +x, growing clockwise on the screen. */
  aim: { min: 0, max: AIM_STEPS - 1, step: 1 },
  /** 1 while the trigger is held. */
  fire: { min: 0, max: 1, step: 1 },
} as const

export type ArenaInput = Row<typeof inputLayout>

/** Birth ticks travel modulo this: a shot lives for 71 ticks, so 8 bits tell its age. */
export const BORN_MODULUS = 256
/** An avatar's aim is only drawn; a quarter of the input's fineness (1.4°) does. */
const AIM_SHOWN_STEP = 4

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
  },
  /** By seat, also of those who left: what a scoreboard shows. Apart from `avatars` because it changes so much less often. */
  scores: {
    score: { min: 0, max: 32_767, step: 1 },
    kills: { min: 0, max: 511, step: 1 },
    deaths: { min: 0, max: 255, step: 1 },
  },
  /** By slot; `shotOwner` gives the seat. A row never changes while the shot flies: `shotDistance` says where it is. */
  shots: {
    x,
    y,
    aim: { min: 0, max: AIM_STEPS - 1, step: 1 },
    born: { min: 0, max: BORN_MODULUS - 1, step: 1 },
    /** It meets the others where they were so many ticks before. */
    hindsight: { min: 0, max: HINDSIGHT_TICKS_MAX, step: 1 },
  },
  /** By index in MEDKITS. */
  medkits: { ready: { min: 0, max: 1, step: 1 } },
  /** One row. The time left is `endsTick` minus the snapshot's tick, so a clock costs no bytes. */
  match: {
    /** A value of PHASE. */
    phase: { min: PHASE.warmup, max: PHASE.over, step: 1 },
    /** The tick at which the phase ends, or ended when the match is over. */
    endsTick: { min: 0, max: 16_383, step: 1 },
  },
} as const

// The writer reads these at once and keeps none of them, so one of each serves every view of every room.
const avatarRow = { x: 0, y: 0, aim: 0, health: 0, life: 0 }
const shotRow = { x: 0, y: 0, aim: 0, born: 0, hindsight: 0 }
const medkitRow = { ready: 0 }
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
    out.row('avatars', seat, avatarRow)
  }
  for (let slot = 0; slot < state.shots.length; slot++) {
    const shot = state.shots[slot]
    if (!shot?.live) continue
    shotRow.x = shot.x
    shotRow.y = shot.y
    shotRow.aim = shot.aim
    shotRow.born = shot.bornTick % BORN_MODULUS
    shotRow.hindsight = shot.hindsight
    out.row('shots', slot, shotRow)
  }
  for (let medkit = 0; medkit < state.medkitReturnsTick.length; medkit++) {
    medkitRow.ready = state.tick >= (state.medkitReturnsTick[medkit] ?? 0) ? 1 : 0
    out.row('medkits', medkit, medkitRow)
  }
  matchRow.phase = state.phase
  matchRow.endsTick = state.phaseEndsTick
  out.row('match', 0, matchRow)
}
