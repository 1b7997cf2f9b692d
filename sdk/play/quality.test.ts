import { expect, test } from 'vitest'
import { QualityMeter } from './quality.ts'

test('SDK11 the quality of the last ten seconds is told, and what was before is forgotten', () => {
  const meter = new QualityMeter(150)
  expect(meter.quality(0, 80)).toEqual({
    snapshotsPerS: 0,
    silenceMs: 0,
    delayMs: 80,
    correction: { median: 0, most: 0 },
    newPlaces: 0,
  })
  // Five good seconds, a silence of two, and three good ones.
  for (let atMs = 1_000; atMs <= 6_000; atMs += 30) meter.add(1, atMs)
  meter.add(90, 8_000)
  for (let atMs = 8_030; atMs <= 11_000; atMs += 30) meter.add(3, atMs)
  const told = meter.quality(11_000, 60)
  expect(told.snapshotsPerS).toBeCloseTo(26.7, 0)
  expect(told.silenceMs).toBe(2_020)
  expect(told.correction).toEqual({ median: 1, most: 90 })
  for (let atMs = 11_030; atMs <= 19_000; atMs += 30) meter.add(2, atMs)
  expect(meter.quality(19_000, 60).correction.most).toBe(3)
  expect(meter.quality(19_000, 60).silenceMs).toBeLessThan(100)
  // Of a silence that goes on the next snapshot need not tell.
  expect(meter.quality(25_000, 60).silenceMs).toBeGreaterThanOrEqual(6_000)
})

test('SDK11 a new place is counted, and is no correction', () => {
  const meter = new QualityMeter(150)
  for (let atMs = 0; atMs <= 3_000; atMs += 30) meter.add(atMs === 1_500 ? 800 : 2, atMs)
  expect(meter.quality(3_000, 60)).toMatchObject({ correction: { median: 2, most: 2 }, newPlaces: 1 })
})
