import type { Field, Layout } from '../core/index.ts'

/** Quantised values lie in 0 … 2³¹−1, so that a difference of two fits 32 bits. */
const STEPS_MAX = 0x7fffffff

/** How many steps a field has above its minimum. Throws a RangeError for a field that cannot travel. */
export function stepsOf(field: Field): number {
  const steps = Math.round((field.max - field.min) / field.step)
  if (!Number.isFinite(steps) || steps < 0 || steps > STEPS_MAX) {
    throw new RangeError(`a field from ${field.min} to ${field.max} by ${field.step} does not fit 31 bits`)
  }
  return steps
}

/** The number of steps above `min`, clamped into the field; NaN becomes 0 steps. */
export function quantise(field: Field, steps: number, value: number): number {
  const quantised = Math.round((value - field.min) / field.step)
  if (!(quantised > 0)) return 0
  return quantised > steps ? steps : quantised
}

export function restore(field: Field, quantised: number): number {
  return field.min + quantised * field.step
}

/** A layout made ready: names and fields side by side, in wire order. */
export interface Plan {
  readonly names: readonly string[]
  readonly fields: readonly Field[]
  readonly steps: readonly number[]
}

/** A row's changed fields are named by one bit each. */
export const FIELDS_MAX = 28

export function planOf(layout: Layout): Plan {
  const names = Object.keys(layout)
  if (names.length > FIELDS_MAX) throw new RangeError(`a layout has at most ${FIELDS_MAX} fields`)
  const fields = Object.values(layout)
  return { names, fields, steps: fields.map(stepsOf) }
}
