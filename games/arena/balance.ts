/**
 * Every number of the game in one place. Lengths are in px of a field that is 1,600 × 900 px, durations in ticks of 15 ms
 * (`ticks(1_000)` is one second), damage and score in points. The README explains the choices.
 */

export const TICK_MS = 15

/** The fewest whole ticks that last at least `ms` milliseconds. */
export function ticks(ms: number): number {
  return Math.ceil(ms / TICK_MS)
}

export const SEATS_MIN = 3
export const SEATS_MAX = 5

/**
 * Positions are whole multiples of this, in the state as well as on the wire. What a client is told is therefore exactly
 * what the server has, and a prediction that repeats the server's step is exact too, not merely close.
 */
export const POSITION_STEP = 1 / 8

export const AVATAR_RADIUS = 18
/**
 * 27 position steps a tick, 225 px/s. On the diagonal that is 19 steps along each axis (27 ÷ √2 = 19.09), a length of
 * 26.9; and two ticks, one snapshot, move at most 54 steps, which fits a signed variable-length byte (±63).
 */
export const MOVE_STEPS_PER_TICK = 27
export const MOVE_PER_TICK = MOVE_STEPS_PER_TICK * POSITION_STEP
/**
 * 300 px/s, a third more. Two ticks straight along an axis are 72 steps, a byte more than without haste; a speed that
 * saved that byte could not be felt.
 */
export const HASTE_STEPS_PER_TICK = 36
export const HASTE_PER_TICK = HASTE_STEPS_PER_TICK * POSITION_STEP

/** An avatar whose player has been silent for this long lets go of the stick and the trigger. */
export const INPUT_HELD_TICKS = ticks(500)

/** The bolt: quick, endless, far. */
export const SHOT_RADIUS = 4
/** 720 px/s, 3.2 times an avatar's speed: slow enough to dodge from half the range. */
export const SHOT_PER_TICK = 10.8
/** 70 ticks of flight, 1.05 s. */
export const SHOT_RANGE = 756
/**
 * A shot is decided by where its shooter saw the others, this far back at most: 195 ms, in which an avatar moves 44 px. More would
 * let one be hit long after one is behind a wall.
 */
export const HINDSIGHT_TICKS_MAX = Math.floor(200 / TICK_MS)
export const RELOAD_TICKS = ticks(240)
export const SHOT_DAMAGE = 20

/** The scatter: one blast is a fan of pellets. All of them meet a target within 75 px, three within 150, one beyond. */
export const PELLETS = 5
/** Between two neighbours of the fan, 1/1,024 of a turn: 8.4°. */
export const PELLET_SPREAD = 24
export const PELLET_RADIUS = 4
/** 840 px/s. */
export const PELLET_PER_TICK = 12.6
/** 20 ticks of flight, 0.3 s. */
export const PELLET_RANGE = 252
export const PELLET_DAMAGE = 12
export const SCATTER_RELOAD_TICKS = ticks(900)
/** A blast costs a shell. */
export const SHELLS_AT_SPAWN = 2
export const SHELLS_MAX = 4

/**
 * Shots live in two rings of slots per seat. 8 slots at one bolt per 16 ticks are used again after 128 ticks at the earliest,
 * when the old bolt (71 ticks at most) has been gone for 0.8 s; two blasts of PELLETS slots each, at one per 60 ticks, after
 * 120, when the old one has been gone for 1.5 s. No two shots of one id are ever near each other in time.
 */
export const BOLT_SLOTS = 8
export const SCATTER_SLOTS = 2 * PELLETS
export const SHOT_SLOTS_PER_SEAT = BOLT_SLOTS + SCATTER_SLOTS

export const HEALTH_MAX = 100
export const SCORE_PER_DAMAGE = 1
export const SCORE_PER_KILL = 50

export const RESPAWN_TICKS = ticks(2_000)
export const PROTECTION_TICKS = ticks(1_500)

export const PICKUP_RADIUS = 16
export const MEDKIT_HEALTH = 40
export const MEDKIT_RETURN_TICKS = ticks(12_000)
export const SHELLS_IN_BOX = 3
export const SHELLS_RETURN_TICKS = ticks(9_000)
export const HASTE_TICKS = ticks(5_000)
export const HASTE_RETURN_TICKS = ticks(15_000)

/** Everybody may move but nobody may fire, so that a slow page load costs no life. */
export const WARMUP_MS = 3_000
export const MATCH_MS = 180_000
/** One player whom all others have left waits this long for somebody to join before the match ends. */
export const ALONE_TICKS = ticks(10_000)
