import type { Point, Rect } from './map.ts'

/**
 * How far a ray from (x, y) along the unit vector (dx, dy) goes before it meets the block: 0 when it starts inside,
 * Infinity when it never does. Slab method (Kay and Kajiya, 1986).
 */
export function distanceToRect(x: number, y: number, dx: number, dy: number, rect: Rect): number {
  let near = 0
  let far = Number.POSITIVE_INFINITY
  if (dx === 0) {
    if (x < rect.x || x > rect.x + rect.width) return Number.POSITIVE_INFINITY
  } else {
    const left = (rect.x - x) / dx
    const right = (rect.x + rect.width - x) / dx
    near = Math.max(near, Math.min(left, right))
    far = Math.min(far, Math.max(left, right))
  }
  if (dy === 0) {
    if (y < rect.y || y > rect.y + rect.height) return Number.POSITIVE_INFINITY
  } else {
    const top = (rect.y - y) / dy
    const bottom = (rect.y + rect.height - y) / dy
    near = Math.max(near, Math.min(top, bottom))
    far = Math.min(far, Math.max(top, bottom))
  }
  return near <= far ? near : Number.POSITIVE_INFINITY
}

/**
 * How far along the unit vector (dx, dy) from (x, y) a ray enters the circle, counted only between `from` and `to`:
 * `from` when it is inside there already, Infinity when it does not touch the circle between the two.
 */
export function distanceToCircle(
  x: number,
  y: number,
  dx: number,
  dy: number,
  from: number,
  to: number,
  circleX: number,
  circleY: number,
  radius: number,
): number {
  const toX = circleX - x
  const toY = circleY - y
  const aside = toX * dy - toY * dx
  const halfChordSquared = radius * radius - aside * aside
  if (halfChordSquared < 0) return Number.POSITIVE_INFINITY
  const middle = toX * dx + toY * dy
  const halfChord = Math.sqrt(halfChordSquared)
  if (middle - halfChord > to || middle + halfChord < from) return Number.POSITIVE_INFINITY
  return Math.max(from, middle - halfChord)
}

/** Whether a circle and a block share more than an edge. */
export function circleOverlapsRect(x: number, y: number, radius: number, rect: Rect): boolean {
  const dx = x - clamp(x, rect.x, rect.x + rect.width)
  const dy = y - clamp(y, rect.y, rect.y + rect.height)
  return dx * dx + dy * dy < radius * radius
}

export function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(value, max))
}

export function distanceSquared(one: Point, other: Point): number {
  const dx = one.x - other.x
  const dy = one.y - other.y
  return dx * dx + dy * dy
}
