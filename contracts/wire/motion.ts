import type { QuantisedTable } from './table.ts'

/**
 * Ticks that motion is measured over, and that it is believed to go on for. Beyond a quarter of a second a player has turned, and what
 * a view was is nearer to what it is than where it was heading. Within them a client still has every view it has acknowledged.
 */
export const MOTION_TICKS_MAX = 16

/** How far rows are carried on: `ahead` ticks, by what they did in the `span` ticks before. */
export interface Reach {
  readonly ahead: number
  readonly span: number
}

/**
 * Difference of two values of a field with `count` steps, the shorter way round: an angle that passes zero has moved by little, and
 * what does not go round is as well off, since `around` takes the same way back.
 */
export function shortest(difference: number, count: number): number {
  if (difference * 2 > count) return difference - count
  return difference * 2 < -count ? difference + count : difference
}

/** A value that may have left its field at one end, come in again at the other. */
export function around(value: number, count: number): number {
  if (value >= 0 && value < count) return value
  const rest = value % count
  return rest < 0 ? rest + count : rest
}

/** Used again for each table; to be read before the next call. */
const foreseen: number[] = []

/**
 * The values of `table` if its rows go on as they have since `earlier`; a row that was not there yet stays as it is. Both ends compute
 * it, so it is whole numbers only: the step is rounded to the nearest, halves upwards.
 */
export function foresee(
  table: QuantisedTable,
  earlier: QuantisedTable,
  { ahead, span }: Reach,
  steps: readonly number[],
): readonly number[] {
  const { width } = table
  let old = 0
  for (let row = 0; row < table.size; row++) {
    const id = table.ids[row] ?? 0
    while (old < earlier.size && (earlier.ids[old] ?? 0) < id) old++
    const isKnown = old < earlier.size && earlier.ids[old] === id
    for (let at = 0; at < width; at++) {
      const value = table.values[row * width + at] ?? 0
      const was = isKnown ? (earlier.values[old * width + at] ?? 0) : value
      foreseen[row * width + at] = value === was ? value : onward(value, was, ahead, span, (steps[at] ?? 0) + 1)
    }
  }
  return foreseen
}

function onward(value: number, was: number, ahead: number, span: number, count: number): number {
  const moved = shortest(value - was, count)
  return around(value + Math.floor((2 * moved * ahead + span) / (2 * span)), count)
}
