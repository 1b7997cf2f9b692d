import { expect, test } from 'vitest'
import { labelOffset } from './label.ts'

const field = { width: 1_600, height: 900 }
const label = { width: 200, height: 30 }

test('A13 a name stands over its avatar', () => {
  expect(labelOffset({ x: 800, y: 450 }, label, 27, 27, field)).toEqual({ x: 0, y: -27 })
})

test('A13 a name stays inside the field at every border and in every corner', () => {
  for (const at of [
    { x: 18, y: 450 },
    { x: 1_582, y: 450 },
    { x: 800, y: 18 },
    { x: 18, y: 18 },
    { x: 1_582, y: 882 },
  ]) {
    const { x, y } = labelOffset(at, label, 27, 27, field)
    expect(at.x + x - label.width / 2).toBeGreaterThanOrEqual(0)
    expect(at.x + x + label.width / 2).toBeLessThanOrEqual(field.width)
    expect(at.y + y - label.height).toBeGreaterThanOrEqual(0)
    expect(at.y + y).toBeLessThanOrEqual(field.height)
  }
})

test('A13 a name wider than the field stands in its middle', () => {
  expect(labelOffset({ x: 10, y: 450 }, { width: 9_000, height: 30 }, 27, 27, field).x).toBe(790)
})
