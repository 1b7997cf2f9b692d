/** What the picture shows at least, so that a round begins in a calm frame. */
const SPAN_MS_MIN = 8_000
const TOP_MIN = 2
/** The curve's end stays so far inside. */
const ROOM = 1.18
/** As many lines as this of one kind, and they are gone; of half as many, they are there in full. */
const LINES_MAX = 12
const STEP_FACTORS = [5, 2] as const

/** What the picture reaches to: from 0 to `spanMs`, from 1 to `top` times the stake. */
export interface Axes {
  readonly spanMs: number
  readonly top: number
}

/** The axes grow with the curve, steadily, so that nothing is ever rescaled at once. */
export function axesFor(elapsedMs: number, growth: number): Axes {
  return {
    spanMs: Math.max(SPAN_MS_MIN, elapsedMs * ROOM),
    top: Math.max(TOP_MIN, 1 + (growth - 1) * ROOM),
  }
}

/** A box in px, y downwards. */
export interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Where a moment and a multiplier (1 is the stake) are in the box. */
export function placeIn(box: Box, axes: Axes, elapsedMs: number, growth: number): { x: number; y: number } {
  return {
    x: box.left + (elapsedMs / axes.spanMs) * (box.right - box.left),
    y: box.bottom - ((growth - 1) / (axes.top - 1)) * (box.bottom - box.top),
  }
}

export interface GridLine {
  readonly value: number
  /** How strongly it is drawn: 0 to 1. */
  readonly strength: number
}

/**
 * Lines at round numbers between two values, in steps of 1, 5, 10, 50 … times `unit`. Each step divides the next, so that lines of a step that gets too
 * fine fade away between those that stay.
 */
export function gridLines(from: number, to: number, unit: number): GridLine[] {
  const lines = new Map<number, GridLine>()
  for (let step = unit, at = 0; step <= to - from; step *= STEP_FACTORS[at++ % 2] ?? 1) {
    const strength = Math.min(1, 2 - ((to - from) / step / LINES_MAX) * 2)
    if (strength <= 0) continue
    for (let line = Math.ceil(from / step); line * step <= to; line++) {
      // A coarser step's lines are drawn as strongly as it deserves.
      lines.set(Math.round((line * step) / unit), { value: line * step, strength })
    }
  }
  return [...lines.values()]
}
