import { NO_TICK } from '@meydan/contracts/wire'
import { expect, test } from 'vitest'
import { Pace } from './pace.ts'

/** Sends whatever is due every second tick for so long, over a link whose acknowledgements take `ackAfter` ticks; gives the ticks sent. */
function play(pace: Pace, from: number, ticks: number, ackAfter: number): number[] {
  const sent: number[] = []
  for (let tick = from; tick < from + ticks; tick += 2) {
    pace.acknowledge(tick - ackAfter, tick)
    if (!pace.isDue(tick)) continue
    pace.sent(tick)
    sent.push(tick)
  }
  return sent
}

test('B17 a link that is merely long gets every snapshot', () => {
  const pace = new Pace(15, 2)
  play(pace, 0, 200, 40)
  expect(play(pace, 200, 400, 40)).toHaveLength(200)
})

test('B17 a client that never acknowledges gets a snapshot a second', () => {
  const pace = new Pace(15, 2)
  play(pace, 0, 200, NO_TICK)
  expect(play(pace, 200, 4_000, NO_TICK).length).toBeLessThanOrEqual(60)
  expect(pace.ackTick).toBe(NO_TICK)
})

test('B17 what was not sent, or is older than what was acknowledged, is not believed', () => {
  const pace = new Pace(15, 2)
  for (const tick of [2, 4, 6]) pace.sent(tick)
  for (const forged of [5, 7, 1_000, NO_TICK]) pace.acknowledge(forged, 8)
  expect(pace.ackTick).toBe(NO_TICK)
  pace.acknowledge(4, 8)
  pace.acknowledge(2, 8)
  expect(pace.ackTick).toBe(4)
})

test('B17 who says to have nothing any more is believed, as to the views before the newest, too', () => {
  const pace = new Pace(15, 2)
  for (const tick of [2, 4, 6]) pace.sent(tick)
  for (const tick of [2, 4, NO_TICK]) pace.acknowledge(tick, 8)
  expect([pace.ackTick, pace.ackedBefore]).toEqual([NO_TICK, 0])
  pace.acknowledge(6, 8)
  expect([pace.ackTick, pace.ackedBefore]).toEqual([6, 0])
})

test('B17 a room in which nothing is sent for a while has nobody who is behind', () => {
  const pace = new Pace(15, 2)
  play(pace, 0, 100, 2)
  pace.acknowledge(98, 100)
  expect(pace.isDue(10_000)).toBe(true)
})

test('B20 it is known which snapshots a client has besides the newest, sixteen ticks back and no further', () => {
  const pace = new Pace(15, 1)
  for (let tick = 1; tick <= 60; tick++) pace.sent(tick)
  const hadAfter = (tick: number): number[] => {
    pace.acknowledge(tick, tick)
    return Array.from({ length: 32 }, (_, bit) => (pace.ackedBefore & (1 << bit) ? pace.ackTick - 1 - bit : 0)).filter(
      Boolean,
    )
  }
  expect([1, 3, 4].map(hadAfter)).toEqual([[], [1], [3, 1]])
  expect(hadAfter(19)).toEqual([4, 3])
  expect(hadAfter(35)).toEqual([19])
  expect(hadAfter(52)).toEqual([])
})
