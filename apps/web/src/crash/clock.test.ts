import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RoundClock } from './clock.ts'

const FRAME_MS = 1_000 / 60
const TICK_MS = 50

/** Frames of so many ms in which each tick arrives as late as `lateMs` says; gives what was shown, and when. */
function shown(lengthMs: number, lateMs: (tick: number) => number): { nowMs: number; ms: number }[] {
  const clock = new RoundClock()
  const arrivals = Array.from({ length: lengthMs / TICK_MS }, (_, tick) => ({
    elapsedMs: tick * TICK_MS,
    atMs: tick * TICK_MS + lateMs(tick),
  })).toSorted((a, b) => a.atMs - b.atMs)
  const frames: { nowMs: number; ms: number }[] = []
  for (let nowMs = 0; nowMs < lengthMs; nowMs += FRAME_MS) {
    while (arrivals[0] && arrivals[0].atMs <= nowMs) clock.hear(arrivals.shift()?.elapsedMs ?? 0, nowMs)
    frames.push({ nowMs, ms: clock.at(nowMs) })
  }
  return frames
}

describe('the clock of a round', () => {
  test('D2 runs as evenly as time passes between ticks', () => {
    const frames = shown(5_000, () => 30).slice(30)
    const steps = frames.slice(1).map(({ ms }, at) => ms - (frames[at]?.ms ?? 0))
    for (const step of steps) expect(step).toBeCloseTo(FRAME_MS, 0)
  })

  test('D2 never goes back, and is never beyond what the server can have said by then, however late its ticks are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 5, max: 300 }), { minLength: 100, maxLength: 100 }), (late) => {
        let before = 0
        for (const { nowMs, ms } of shown(5_000, (tick) => late[tick] ?? 5)) {
          expect(ms).toBeGreaterThanOrEqual(before)
          expect(ms).toBeLessThanOrEqual(nowMs)
          before = ms
        }
      }),
    )
  })

  test('D2 stands still soon after the last word of a line that is lost, and is there at once when it is back', () => {
    const clock = new RoundClock()
    clock.hear(1_000, 0)
    expect(clock.at(100)).toBe(1_100)
    expect(clock.at(5_000)).toBe(1_400)
    clock.hear(7_000, 6_000)
    expect(clock.at(6_000)).toBe(7_000)
  })

  test('D2 makes up for a small difference without a jump', () => {
    const clock = new RoundClock()
    clock.hear(0, 0)
    clock.at(0)
    clock.at(100)
    clock.hear(250, 100)
    const first = clock.at(116)
    expect(first).toBeGreaterThan(116)
    expect(first).toBeLessThanOrEqual(132)
    for (let nowMs = 132; nowMs < 1_500; nowMs += 16) {
      if (nowMs % 80 < 16) clock.hear(nowMs + 150, nowMs)
      clock.at(nowMs)
    }
    expect(clock.at(1_500)).toBeGreaterThan(1_630)
  })

  test('D2 shows nothing before anything was heard', () => {
    expect(new RoundClock().at(1_000)).toBe(0)
  })
})
