import { expect, test } from 'vitest'
import { missedSince, type Sight } from './sights.ts'

/** Running along x at the speed of an avatar. */
const at = (atMs: number, x = atMs * 0.225): Sight => ({ roomId: '7', atMs, x, y: 0, alive: true, deaths: 0 })
const running = Array.from({ length: 100 }, (_, index) => at(index * 45))
const lastMs = 99 * 45

test('A8 a match that goes on from a second ago is told so', () => {
  const missed = missedSince([...running, at(lastMs + 2_000, (lastMs - 900) * 0.225)], 0)
  expect(missed.silenceMs).toBe(2_000)
  expect(missed.positionMs).toBeCloseTo(900, 0)
})

test('A8 a random place is an old position', () => {
  expect(missedSince([...running, { ...at(lastMs + 2_000), y: 900 }], 0).positionMs).toBeGreaterThan(3_000)
})

test('A8 between two matches, and before the fault, nothing is missed', () => {
  const next = { ...at(lastMs + 5_000, 0), roomId: '8' }
  expect(missedSince([...running, next], 0)).toEqual({ silenceMs: 45, positionMs: 0 })
  expect(missedSince([...running, at(lastMs + 2_000)], lastMs + 3_000)).toEqual({ silenceMs: 0, positionMs: 0 })
})

test('A8 who fell meanwhile is not where it was', () => {
  expect(missedSince([...running, { ...at(lastMs + 2_000, 0), deaths: 1 }], 0).positionMs).toBe(0)
})
