import type { Place } from './camera.ts'

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Where the bottom middle of a label of this size goes, relative to what it belongs to: over it, by `above`; under it, by `below`, where
 * there is no room over it; and moved aside as far as the field's border asks.
 */
export function labelOffset({ x, y }: Place, label: Size, above: number, below: number, field: Size): Place {
  const half = Math.min(label.width, field.width) / 2
  const inside = Math.min(field.width - half, Math.max(half, x))
  return { x: inside - x, y: y - above - label.height < 0 ? below + label.height : -above }
}
