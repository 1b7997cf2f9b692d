/**
 * Directions are whole numbers of 1/1,024 of a turn: 0 points along +x, 256 along +y, which is down on a screen.
 * At full range one step is 4.6 px, a fifth of a target's width.
 */
export const AIM_STEPS = 1024

/**
 * Engines may differ in the last bit of a sine. A table rounded to 2⁻²⁰ does not, so a match replays the same in every
 * browser; the length of a direction is off by less than a millionth.
 */
const GRAIN = 2 ** 20
const TURN = Math.PI * 2
const COS = Float64Array.from({ length: AIM_STEPS }, (_, aim) => Math.round(Math.cos((aim * TURN) / AIM_STEPS) * GRAIN))
const SIN = Float64Array.from({ length: AIM_STEPS }, (_, aim) => Math.round(Math.sin((aim * TURN) / AIM_STEPS) * GRAIN))

/** The x of the unit vector that points along `aim` (any whole number). */
export function aimX(aim: number): number {
  return (COS[aim & (AIM_STEPS - 1)] ?? 0) / GRAIN
}

/** The y of the unit vector that points along `aim` (any whole number). */
export function aimY(aim: number): number {
  return (SIN[aim & (AIM_STEPS - 1)] ?? 0) / GRAIN
}

/** The aim, 0 to 1,023, nearest to the direction (dx, dy); 0 when both are 0. For people and bots; no rule of the game uses it. */
export function aimTowards(dx: number, dy: number): number {
  return Math.round((Math.atan2(dy, dx) / TURN) * AIM_STEPS) & (AIM_STEPS - 1)
}
