import { describe, expect, test } from 'vitest'
import { Playback } from './playback.ts'

const TICK_MS = 15

/** A playback that has had a snapshot of every second tick, each `late(tick)` ms after a prompt one. */
function played(ticks: number, late: (tick: number) => number): { playback: Playback<number>; nowMs: number } {
  const playback = new Playback<number>(TICK_MS, 2)
  for (let tick = 2; tick <= ticks; tick += 2) {
    playback.add({ tick, view: tick, receivedAtMs: 1_000 + tick * TICK_MS + late(tick) })
  }
  return { playback, nowMs: 1_000 + ticks * TICK_MS + late(ticks) }
}

describe('the others on a screen', () => {
  test('SDK9 are shown one snapshot in the past over a link without jitter', () => {
    const { playback, nowMs } = played(400, () => 0)
    expect(playback.delayMs).toBeCloseTo(30, 0)
    expect(playback.shownTick(nowMs)).toBeCloseTo(398, 0)
    expect(playback.around(397)).toEqual({ from: 396, to: 398, part: 0.5 })
  })

  test('SDK9 are shown farther in the past the more a link jitters', () => {
    const jittery = played(400, (tick) => (tick * 7) % 40)
    expect(jittery.playback.delayMs).toBeGreaterThan(50)
    expect(jittery.playback.delayMs).toBeLessThan(75)
  })

  test('SDK9 never move back in time, nor on beyond what has come', () => {
    const { playback, nowMs } = played(400, () => 0)
    let last = playback.shownTick(nowMs)
    for (let passedMs = 0; passedMs < 400; passedMs += 5) {
      const shown = playback.shownTick(nowMs + passedMs)
      expect(shown).toBeGreaterThanOrEqual(last)
      expect(shown).toBeLessThanOrEqual(400)
      last = shown
    }
    expect(last).toBe(400)
  })

  test('SDK9 stay where they were through a silence, and do not glide through it afterwards', () => {
    const { playback, nowMs } = played(400, () => 0)
    playback.shownTick(nowMs)
    // 390 ms: not so far that time on the screen jumps anyway.
    const backMs = 1_000 + 426 * TICK_MS
    playback.add({ tick: 426, view: 426, receivedAtMs: backMs })
    expect(playback.around(412)).toMatchObject({ from: 400, to: 400 })
    expect(playback.around(425)).toMatchObject({ from: 400, to: 426 })
    expect(playback.shownTick(backMs)).toBeCloseTo(424, 0)
  })

  test('A8 begin anew in a room that another process took over from an older snapshot', () => {
    const { playback, nowMs } = played(400, () => 0)
    playback.shownTick(nowMs)
    playback.add({ tick: 350, view: 350, receivedAtMs: nowMs + 2_000 })
    expect(playback.around(350)).toEqual({ from: 350, to: 350, part: 1 })
    expect(playback.shownTick(nowMs + 2_000)).toBeLessThanOrEqual(350)
  })
})

describe('the clock of the server', () => {
  test('SDK8 is told by the promptest snapshots and half a round trip', () => {
    const { playback } = played(400, (tick) => (tick % 20 === 0 ? 0 : 25))
    const nowMs = 1_000 + 500 * TICK_MS
    expect(playback.clock.arrivedTick(nowMs)).toBeCloseTo(500, 0)
    expect(playback.clock.serverTick(nowMs, 60)).toBeCloseTo(502, 0)
  })

  test('SDK8 is never before what has come, also in a frame that stands for an earlier moment', () => {
    const { playback, nowMs } = played(400, () => 0)
    expect(playback.arrivedTick(nowMs - 1_500)).toBe(400)
    expect(playback.arrivedTick(nowMs + 30)).toBeCloseTo(402, 0)
  })
})
