import { expect, test } from 'vitest'
import { Glide } from './glide.ts'

const JUMPS_BEYOND = 150

/** A glide that was corrected by so much at 0 ms. */
function corrected(by: number): Glide {
  const glide = new Glide(JUMPS_BEYOND)
  glide.moved([0, 0], [by, 0], 0)
  return glide
}

test('SDK10 a correction begins where it was drawn, and half of a short one is gone in 60 ms', () => {
  const glide = corrected(20)
  expect(glide.at(0)).toEqual([-20, 0])
  expect(glide.at(60)[0]).toBeCloseTo(-10)
  expect(glide.at(120)[0]).toBeCloseTo(-5)
  expect(glide.at(2_000)[0]).toBeCloseTo(0)
})

test('SDK10 however long a correction is, and however few frames there are, none of them shows it as a jump', () => {
  const glide = corrected(140)
  for (let nowMs = 50; nowMs <= 1_000; nowMs += 50) {
    const moved = (glide.at(nowMs)[0] ?? 0) - (glide.at(nowMs - 50)[0] ?? 0)
    expect(moved).toBeGreaterThanOrEqual(0)
    expect(moved).toBeLessThanOrEqual(15.001)
  }
  expect(Math.abs(glide.at(700)[0] ?? 0)).toBeLessThan(5)
})

test('SDK10 corrections add up, and beyond a new place they are jumped', () => {
  const glide = corrected(100)
  glide.moved([0, 0], [40, 0], 0)
  expect(glide.at(0)).toEqual([-140, 0])
  glide.moved([0, 0], [40, 0], 0)
  expect(Math.hypot(...glide.at(0))).toBe(0)
})
