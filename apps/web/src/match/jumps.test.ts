import { expect, test } from 'vitest'
import { JumpMeter, type OwnDrawn } from './jumps.ts'

const FRAME_MS = 50
const NO_EXCUSE = { rules: 0, line: 0, screen: 0 }

/** Frames in which the own avatar stands at 100, 100, but for what is said. */
function metered(frames: readonly Partial<OwnDrawn>[]): JumpMeter {
  const meter = new JumpMeter()
  for (const [index, frame] of frames.entries()) {
    meter.add({ nowMs: index * FRAME_MS, x: 100, y: 100, isPlayed: true, isFast: false, hasLine: true, ...frame })
  }
  return meter
}

test('A10 who runs does not jump, hasted or not; what goes beyond that is a jump', () => {
  // 225 px/s are 11.25 in a frame, 300 are 15.
  expect(metered([{ x: 100 }, { x: 111.25 }, { x: 122.5 }]).jumps(100)).toEqual({ most: 0, excused: NO_EXCUSE })
  expect(metered([{ x: 100 }, { x: 115, isFast: true }]).jumps(50)).toEqual({ most: 0, excused: NO_EXCUSE })
  expect(metered([{ x: 100 }, { x: 100, y: 141.25 }]).jumps(50)).toEqual({ most: 30, excused: NO_EXCUSE })
})

test('A10 a jump is remembered for ten seconds', () => {
  const meter = metered([{}, { x: 200 }])
  expect(meter.jumps(10_000).most).toBeGreaterThan(80)
  expect(meter.jumps(10_100).most).toBe(0)
})

test('A10 who falls or comes back to life is elsewhere by the rules', () => {
  const fell = metered([{}, { x: 150, isPlayed: false }, { x: 150, isPlayed: false }, { x: 900 }])
  expect(fell.jumps(200)).toEqual({ most: 0, excused: { ...NO_EXCUSE, rules: 2 } })
})

test('A10 a line that was away, and a screen that stood still, are excuses; short of a hit box none is needed', () => {
  expect(metered([{ hasLine: false }, { x: 300 }]).jumps(50).excused).toEqual({ ...NO_EXCUSE, line: 1 })
  expect(metered([{ hasLine: false }, { nowMs: 1_000 }, { nowMs: 1_050, x: 300 }]).jumps(1_050).excused.line).toBe(0)
  expect(metered([{}, { nowMs: 300, x: 300 }]).jumps(300).excused).toEqual({ ...NO_EXCUSE, screen: 1 })
  expect(metered([{}, { nowMs: 300, x: 180 }]).jumps(300)).toEqual({ most: 0, excused: NO_EXCUSE })
})
