/** A point of the field, or of the screen. */
export interface Place {
  readonly x: number
  readonly y: number
}

/** One axis of the screen, in CSS pixels. */
export interface Axis {
  readonly screen: number
  /** How long the field is on the screen. */
  readonly size: number
  /** Where on the field, on the screen's scale, whoever plays is. */
  readonly focus: number
  /** Free space at both ends. */
  readonly margin: number
  /** Where a field rests that fits: at the start, or in the middle. */
  readonly rest: 'start' | 'centre'
}

/** Where the field begins on one axis: what fits rests, and what does not follows the focus without showing what lies beyond the edge. */
export function along({ screen, size, focus, margin, rest }: Axis): number {
  if (size <= screen - 2 * margin) return rest === 'start' ? margin : (screen - size) / 2
  return Math.min(margin, Math.max(screen - margin - size, screen / 2 - focus))
}
