/** An axis-parallel block, in px. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

export const FIELD_WIDTH = 1600
export const FIELD_HEIGHT = 900

/**
 * Blocks that stop avatars and shots. The field looks the same turned by half a turn, so that no side is better. Gaps
 * between any two of them, and to the edge, are wider than an avatar: movement relies on touching one at a time.
 */
export const OBSTACLES: readonly Rect[] = [
  { x: 740, y: 390, width: 120, height: 120 },
  { x: 320, y: 170, width: 40, height: 210 },
  { x: 320, y: 560, width: 40, height: 170 },
  { x: 1240, y: 170, width: 40, height: 170 },
  { x: 1240, y: 520, width: 40, height: 210 },
  { x: 560, y: 160, width: 200, height: 40 },
  { x: 840, y: 700, width: 200, height: 40 },
  { x: 520, y: 600, width: 64, height: 64 },
  { x: 1016, y: 236, width: 64, height: 64 },
]

export const SPAWNS: readonly Point[] = [
  { x: 120, y: 120 },
  { x: 1480, y: 780 },
  { x: 120, y: 780 },
  { x: 1480, y: 120 },
  { x: 800, y: 70 },
  { x: 800, y: 830 },
  { x: 100, y: 450 },
  { x: 1500, y: 450 },
]

export const PICKUP = { medkit: 0, shells: 1, haste: 2 } as const

export interface Pickup extends Point {
  /** A value of PICKUP. */
  readonly kind: number
}

/** What lies on the field to be taken. Medkits lie in the open between the sides, shells nearer the rim, haste in the lanes. */
export const PICKUPS: readonly Pickup[] = [
  { kind: PICKUP.medkit, x: 450, y: 450 },
  { kind: PICKUP.medkit, x: 1150, y: 450 },
  { kind: PICKUP.shells, x: 440, y: 800 },
  { kind: PICKUP.shells, x: 1160, y: 100 },
  { kind: PICKUP.shells, x: 200, y: 300 },
  { kind: PICKUP.shells, x: 1400, y: 600 },
  { kind: PICKUP.haste, x: 660, y: 290 },
  { kind: PICKUP.haste, x: 940, y: 610 },
]
