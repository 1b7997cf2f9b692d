import { describe, expect, test } from 'vitest'
import {
  AVATAR_RADIUS,
  HASTE_PER_TICK,
  HASTE_STEPS_PER_TICK,
  MOVE_PER_TICK,
  MOVE_STEPS_PER_TICK,
  POSITION_STEP,
  TICK_MS,
} from './balance.ts'
import { circleOverlapsRect } from './geometry.ts'
import { FIELD_HEIGHT, FIELD_WIDTH, OBSTACLES, PICKUPS, type Rect, SPAWNS } from './map.ts'
import { moveAvatar } from './movement.ts'

/** Moves from (x, y) with the stick held for some ticks. */
function walk(x: number, y: number, moveX: number, moveY: number, ticks = 1, steps = MOVE_STEPS_PER_TICK) {
  const body = { x, y }
  for (let tick = 0; tick < ticks; tick++) moveAvatar(body, { moveX, moveY }, steps)
  return body
}

const open = { x: 500, y: 420 }

describe('moving', () => {
  test('A6 a full stick moves 225 px a second, along either axis and either way', () => {
    expect((MOVE_PER_TICK * 1000) / TICK_MS).toBe(225)
    expect(walk(open.x, open.y, 1, 0)).toEqual({ x: open.x + MOVE_PER_TICK, y: open.y })
    expect(walk(open.x, open.y, 0, -1, 10)).toEqual({ x: open.x, y: open.y - 10 * MOVE_PER_TICK })
  })

  test('A6 no direction is faster than straight ahead, and the diagonal loses less than a hundredth', () => {
    for (let moveX = -1; moveX <= 1; moveX += 1 / 16) {
      for (let moveY = -1; moveY <= 1; moveY += 1 / 16) {
        const body = walk(open.x, open.y, moveX, moveY)
        expect(Math.hypot(body.x - open.x, body.y - open.y)).toBeLessThanOrEqual(MOVE_PER_TICK)
      }
    }
    const diagonal = walk(open.x, open.y, 1, 1)
    expect(Math.hypot(diagonal.x - open.x, diagonal.y - open.y)).toBeGreaterThan(MOVE_PER_TICK * 0.99)
  })

  test('A6 haste moves 300 px a second, and is no faster on the diagonal', () => {
    expect((HASTE_PER_TICK * 1000) / TICK_MS).toBe(300)
    expect(walk(open.x, open.y, 1, 0, 1, HASTE_STEPS_PER_TICK)).toEqual({ x: open.x + HASTE_PER_TICK, y: open.y })
    const diagonal = walk(open.x, open.y, 1, 1, 1, HASTE_STEPS_PER_TICK)
    expect(Math.hypot(diagonal.x - open.x, diagonal.y - open.y)).toBeLessThanOrEqual(HASTE_PER_TICK)
  })

  test('A6 half a stick is about half the speed, and a stick at rest stays where it is', () => {
    expect(walk(open.x, open.y, 0.5, 0).x - open.x).toBeCloseTo(MOVE_PER_TICK / 2, 0)
    expect(walk(open.x, open.y, 0, 0)).toEqual(open)
  })

  test('A6 the edge of the field stops an avatar at its rim, and it slides along', () => {
    expect(walk(30, 450, -1, 0, 20)).toEqual({ x: AVATAR_RADIUS, y: 450 })
    const slid = walk(30, 450, -1, 1, 20)
    expect(slid.x).toBe(AVATAR_RADIUS)
    expect(slid.y).toBeGreaterThan(480)
    expect(walk(FIELD_WIDTH - 20, FIELD_HEIGHT - 20, 1, 1, 9)).toEqual({
      x: FIELD_WIDTH - AVATAR_RADIUS,
      y: FIELD_HEIGHT - AVATAR_RADIUS,
    })
  })

  test('A6 a wall stops an avatar that walks straight into it, and one that walks aslant slides on at the speed along it', () => {
    const wall: Rect = { x: 320, y: 170, width: 40, height: 210 }
    expect(OBSTACLES).toContainEqual(wall)
    expect(walk(260, 250, 1, 0, 60)).toEqual({ x: wall.x - AVATAR_RADIUS, y: 250 })
    const free = walk(200, 200, 0.75, 0.75, 20)
    const slid = walk(wall.x - AVATAR_RADIUS, 200, 0.75, 0.75, 20)
    expect(slid).toEqual({ x: wall.x - AVATAR_RADIUS, y: free.y })
  })

  test('A6 an avatar that catches a corner is led around it', () => {
    const pillar = { x: 740, y: 390 }
    const body = walk(pillar.x - 60, pillar.y - 10, 1, 0, 60)
    expect(body.x).toBeGreaterThan(pillar.x)
    expect(body.y).toBeLessThanOrEqual(pillar.y - AVATAR_RADIUS)
  })

  test('A10 positions stay on the grid of the wire, so what a client is told is exactly what the server has', () => {
    const body = { x: 120, y: 120 }
    for (let tick = 0; tick < 4_000; tick++) {
      moveAvatar(
        body,
        {
          moveX: Math.round(Math.cos(tick / 50) * 16) / 16,
          moveY: Math.round(Math.sin(tick / 37) * 16) / 16,
        },
        tick % 500 < 250 ? MOVE_STEPS_PER_TICK : HASTE_STEPS_PER_TICK,
      )
      expect(body.x % POSITION_STEP).toBe(0)
      expect(body.y % POSITION_STEP).toBe(0)
    }
  })

  test('A10 a guess from inside a wall comes out instead of becoming no number at all', () => {
    for (const rect of OBSTACLES) {
      const body = walk(rect.x + rect.width / 2, rect.y + rect.height / 2, 1 / 8, 0, 2)
      expect(OBSTACLES.some((other) => circleOverlapsRect(body.x, body.y, AVATAR_RADIUS, other))).toBe(false)
    }
  })
})

describe('the map', () => {
  test('A6 gaps between walls are wider than an avatar and a step, so that it never touches two at once', () => {
    const needed = 2 * AVATAR_RADIUS + HASTE_PER_TICK
    for (const [index, one] of OBSTACLES.entries()) {
      expect(Math.min(one.x, one.y)).toBeGreaterThan(needed)
      expect(FIELD_WIDTH - one.x - one.width).toBeGreaterThan(needed)
      expect(FIELD_HEIGHT - one.y - one.height).toBeGreaterThan(needed)
      for (const other of OBSTACLES.slice(index + 1)) expect(gap(one, other)).toBeGreaterThan(needed)
    }
  })

  test('A6 the field is the same turned by half a turn: walls, spawn points and pickups', () => {
    for (const { x, y, width, height } of OBSTACLES) {
      expect(OBSTACLES).toContainEqual({ x: FIELD_WIDTH - x - width, y: FIELD_HEIGHT - y - height, width, height })
    }
    for (const points of [SPAWNS, PICKUPS]) {
      for (const point of points) {
        expect(points).toContainEqual({ ...point, x: FIELD_WIDTH - point.x, y: FIELD_HEIGHT - point.y })
      }
    }
  })

  test('A6 spawn points and pickups lie free of the walls', () => {
    for (const { x, y } of [...SPAWNS, ...PICKUPS]) {
      expect(OBSTACLES.some((rect) => circleOverlapsRect(x, y, AVATAR_RADIUS * 2, rect))).toBe(false)
    }
  })
})

function gap(one: Rect, other: Rect): number {
  const dx = Math.max(0, other.x - one.x - one.width, one.x - other.x - other.width)
  const dy = Math.max(0, other.y - one.y - one.height, one.y - other.y - other.height)
  return Math.hypot(dx, dy)
}
