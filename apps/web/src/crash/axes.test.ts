import { describe, expect, test } from 'vitest'
import { axesFor, type Box, gridLines, placeIn } from './axes.ts'

const BOX: Box = { left: 40, right: 440, top: 20, bottom: 220 }

describe('the axes', () => {
  test('D2 the curve begins in the corner and stays in the picture, however high it goes', () => {
    for (const [elapsedMs, growth] of [
      [0, 1],
      [11_552, 2],
      [38_376, 10],
      [153_505, 10_000],
    ] as const) {
      const { x, y } = placeIn(BOX, axesFor(elapsedMs, growth), elapsedMs, growth)
      expect(x).toBeGreaterThanOrEqual(BOX.left)
      expect(x).toBeLessThan(BOX.right)
      expect(y).toBeGreaterThan(BOX.top)
      expect(y).toBeLessThanOrEqual(BOX.bottom)
    }
    expect(placeIn(BOX, axesFor(0, 1), 0, 1)).toEqual({ x: 40, y: 220 })
  })

  test('D2 never rescale at once: from frame to frame the picture changes by a little', () => {
    const growthAt = (ms: number): number => Math.exp(0.000_06 * ms)
    let before = axesFor(0, 1)
    for (let ms = 16; ms < 60_000; ms += 16) {
      const axes = axesFor(ms, growthAt(ms))
      expect(axes.spanMs / before.spanMs).toBeLessThan(1.01)
      expect(axes.top / before.top).toBeLessThan(1.01)
      before = axes
    }
  })
})

describe('the lines of the grid', () => {
  test('D2 stand at round numbers, and never in a crowd', () => {
    for (let top = 2; top < 10_000; top *= 1.07) {
      const lines = gridLines(1, top, 0.2)
      const strong = lines.filter(({ strength }) => strength > 0.5)
      expect(lines.length).toBeLessThanOrEqual(13)
      expect(strong.length, `up to ${top}`).toBeGreaterThanOrEqual(1)
      for (const { value } of lines) expect(value / 0.2).toBeCloseTo(Math.round(value / 0.2), 6)
    }
  })

  test('D2 fade: one that is gone in the next picture was hardly there in this', () => {
    let before = new Map<number, number>()
    for (let top = 2; top < 1_000; top *= 1.002) {
      const now = new Map(gridLines(0, top, 0.2).map(({ value, strength }) => [Math.round(value * 5), strength]))
      for (const [value, strength] of before) {
        expect(Math.abs((now.get(value) ?? 0) - strength), `${value / 5} at ${top}`).toBeLessThan(0.02)
      }
      before = now
    }
  })
})
