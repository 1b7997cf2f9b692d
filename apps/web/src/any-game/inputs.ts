import type { Field, Layout, Row } from '@meydan/contracts/core'

/** What a player can do with one field of a game the page knows nothing else about. */
export type Way = 'axis' | 'place' | 'cell' | 'choice' | 'unknown'

/** Choices beyond these are too many for buttons. */
const CHOICES_MAX = 12

/** `moveX` and `moveY` follow the arrow keys, `x` and `y` a click on the field, `cell` a click on the board; small others are buttons. */
export function wayOf(name: string, field: Field): Way {
  if (name === 'moveX' || name === 'moveY') return 'axis'
  if (name === 'x' || name === 'y') return 'place'
  if (name === 'cell') return 'cell'
  return valuesOf(field).length <= CHOICES_MAX ? 'choice' : 'unknown'
}

/** Every value of a small field, in order; of a larger one, as many as make it clear that it is large. */
export function valuesOf({ min, max, step }: Field): number[] {
  const count = Math.min(CHOICES_MAX + 1, Math.floor((max - min) / step + 1e-9) + 1)
  return Array.from({ length: count }, (_, index) => min + index * step)
}

/** An input that says only what is given: every other field is 0, or as near to it as the field goes. */
export function inputOf(layout: Layout, given: Readonly<Record<string, number>>): Row<Layout> {
  return Object.fromEntries(
    Object.entries(layout).map(([name, { min, max }]) => [name, given[name] ?? Math.min(max, Math.max(min, 0))]),
  )
}

/** The columns of a board of so many cells: a square's, or else all in a row. */
export function columnsOf(cells: number): number {
  const side = Math.sqrt(cells)
  return Number.isInteger(side) ? side : cells
}

const AXIS_KEYS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ArrowLeft: { moveX: -1 },
  KeyA: { moveX: -1 },
  ArrowRight: { moveX: 1 },
  KeyD: { moveX: 1 },
  ArrowUp: { moveY: -1 },
  KeyW: { moveY: -1 },
  ArrowDown: { moveY: 1 },
  KeyS: { moveY: 1 },
}

export function isAxisKey(code: string): boolean {
  return code in AXIS_KEYS
}

/** Where the held keys push, at the ends of the fields: −1 is the field's minimum, 1 its maximum. */
export function axesOf(held: ReadonlySet<string>, layout: Layout): Record<string, number> {
  const pushed: Record<string, number> = {}
  for (const code of held) {
    for (const [name, way] of Object.entries(AXIS_KEYS[code] ?? {})) {
      const field = layout[name]
      if (field) pushed[name] = (pushed[name] ?? 0) + (way < 0 ? field.min : field.max)
    }
  }
  return pushed
}
