import { seededRandom } from '@meydan/contracts/core'
import { describe, expect, test } from 'vitest'
import { CLEAR, Stream, type StreamShape } from './stream.ts'

const ROUND_TRIP_MS = 150
const FAR: StreamShape = { ...CLEAR, delayMs: 75, jitterMs: 15 }

/** Sends `count` numbered segments, `everyMs` apart, and gives when each of them arrived, in the order of arrival. */
function journey(
  shape: StreamShape,
  count: number,
  everyMs: number,
  seed = 1,
  tell: (stream: Stream) => void = () => {},
) {
  const stream = new Stream(shape, seededRandom(seed))
  const arrivals: { number: number; tookMs: number }[] = []
  for (let nowMs = 0; arrivals.length < count && nowMs < 600_000; nowMs++) {
    if (nowMs % everyMs === 0 && nowMs / everyMs < count)
      stream.send(Buffer.from([nowMs / everyMs]), nowMs, ROUND_TRIP_MS)
    if (nowMs === everyMs) tell(stream)
    for (const bytes of stream.arrived(nowMs)) {
      const number = bytes.readUInt8(0)
      arrivals.push({ number, tookMs: nowMs - number * everyMs })
    }
  }
  return { arrivals, stream }
}

describe('a TCP stream over a bad link', () => {
  test('keeps its order, however the ways of its segments differ', () => {
    const { arrivals } = journey({ ...FAR, jitterMs: 60 }, 200, 5)
    expect(arrivals.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, number) => number))
    expect(Math.min(...arrivals.map(({ tookMs }) => tookMs))).toBeGreaterThanOrEqual(15)
  })

  test('loses nothing: a lost segment comes a round trip and a quarter after the next went out, and all behind it wait', () => {
    const lossy = { ...FAR, jitterMs: 0, loss: 0.02 }
    const { arrivals, stream } = journey(lossy, 200, 30)
    expect(stream.lost).toBeGreaterThan(0)
    expect(arrivals).toHaveLength(200)
    const late = arrivals.filter(({ tookMs }) => tookMs > 75)
    // 75 ms on its way, 30 until the next goes out, 187.5 until that is known to have overtaken it.
    expect(Math.max(...late.map(({ tookMs }) => tookMs))).toBe(293)
    // Those that were sent meanwhile came with it.
    expect(late.length).toBeGreaterThan(stream.lost * 6)
  })

  test('finds out by its timer alone when nothing follows', () => {
    const times = Array.from({ length: 60 }, (_, seed) =>
      journey({ ...FAR, jitterMs: 0, loss: 0.2 }, 1, 1_000, seed + 1),
    )
    const tookMs = times.map(({ arrivals }) => arrivals[0]?.tookMs)
    expect(tookMs).toContain(75)
    // A round trip and 200 ms, and twice that after a second loss.
    expect(tookMs).toContain(75 + 350)
    expect(tookMs).toContain(75 + 350 + 700)
  })

  test('has a width: what is sent faster queues up', () => {
    const { arrivals } = journey({ ...CLEAR, bytesPerS: 10 }, 20, 50)
    // Each byte takes 100 ms, and one comes each 50.
    expect(arrivals.at(-1)?.tookMs).toBe(20 * 100 - 19 * 50)
  })

  test('that is held brings nothing for so long, and then all of it, when TCP tries again', () => {
    const { arrivals } = journey({ ...FAR, jitterMs: 0 }, 100, 30, 1, (stream) => stream.hold(30, 3_000, ROUND_TRIP_MS))
    // Tries after 350, 1,050, 2,450 and 5,250 ms: the link is back at 3,000.
    expect(arrivals[0]?.tookMs).toBe(30 + 5_250)
    expect(arrivals.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, number) => number))
  })

  test('has the same fates for the same seed', () => {
    const lossy = { ...FAR, loss: 0.05 }
    expect(journey(lossy, 100, 20, 7).arrivals).toEqual(journey(lossy, 100, 20, 7).arrivals)
    expect(journey(lossy, 100, 20, 7).arrivals).not.toEqual(journey(lossy, 100, 20, 8).arrivals)
  })
})
