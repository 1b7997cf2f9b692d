import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SharedFrame } from './frame.ts'
import { RING_EVENTS_MAX, RING_MS_MAX, Ring } from './ring.ts'

/** A ring that was given `count` events, one each `everyMs`, and the events by number: the first is at 1. */
function filled(count: number, everyMs = 0) {
  const ring = new Ring()
  const frames = Array.from({ length: count + 1 }, (_, number) => {
    return new SharedFrame({ seq: number, event: 'NEWS', topic: 'user:1', data: null }, number * everyMs)
  })
  for (const frame of frames.slice(1)) ring.push(frame)
  return { ring, frames }
}

describe('H1 S11 what is kept for a resume', () => {
  test('is bounded by count: the last 512 events', () => {
    const { ring, frames } = filled(RING_EVENTS_MAX + 100)
    expect([...ring.after(0)]).toEqual(frames.slice(101))
    expect([ring.holdsAllAfter(99), ring.holdsAllAfter(100)]).toEqual([false, true])
  })

  test('is bounded by time: two minutes, also where nothing new comes', () => {
    const { ring, frames } = filled(4, 1_000)
    ring.forget(2_000 + RING_MS_MAX)
    expect([...ring.after(0)]).toEqual(frames.slice(2))
    expect([ring.holdsAllAfter(0), ring.holdsAllAfter(1)]).toEqual([false, true])
    ring.forget(4_001 + RING_MS_MAX)
    expect([...ring.after(0)]).toEqual([])
    expect([ring.holdsAllAfter(3), ring.holdsAllAfter(4)]).toEqual([false, true])
  })

  test('is bounded by time while new events come', () => {
    const everyMs = RING_MS_MAX / 10
    const { ring, frames } = filled(100, everyMs)
    expect([...ring.after(0)]).toEqual(frames.slice(100 - 10))
  })

  test('holds references, never copies', () => {
    const { ring, frames } = filled(3)
    const kept = [...ring.after(0)]
    expect(kept.every((frame, index) => frame === frames[index + 1])).toBe(true)
  })

  test('is given exactly once, in order, and only when nothing is missing', () => {
    const events = fc.nat({ max: 3 * RING_EVENTS_MAX })
    fc.assert(
      fc.property(events, events, fc.nat({ max: 2_000 }), (count, received, everyMs) => {
        const { ring, frames } = filled(count, everyMs)
        const oldestMs = count * everyMs - RING_MS_MAX
        const complete =
          received <= count &&
          frames.slice(received + 1, count + 1).every(({ atMs }) => atMs >= oldestMs) &&
          count - received <= RING_EVENTS_MAX
        expect(ring.holdsAllAfter(received)).toBe(complete)
        if (complete) expect([...ring.after(received)]).toEqual(frames.slice(received + 1))
      }),
    )
  })
})
