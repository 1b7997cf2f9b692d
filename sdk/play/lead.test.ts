import { expect, test } from 'vitest'
import { Lead } from './lead.ts'

test('SDK10 inputs are for the ticks in which those before them were applied; those that were held up tell nothing of them', () => {
  const lead = new Lead()
  expect(lead.ticks).toBeUndefined()
  for (let tick = 1_000; tick < 1_064; tick += 2) lead.add(tick, tick - 400)
  expect(lead.ticks).toBe(400)
  // For 300 ms nothing came through.
  for (let tick = 1_064; tick < 1_084; tick += 2) lead.add(tick, 664)
  expect(lead.ticks).toBe(400)
})

test('SDK10 a way that has become longer or shorter is soon known', () => {
  const lead = new Lead()
  for (let tick = 0; tick < 200; tick += 2) lead.add(tick, tick - 10)
  for (let tick = 200; tick < 300; tick += 2) lead.add(tick, tick - 20)
  expect(lead.ticks).toBe(20)
  for (let tick = 300; tick < 350; tick += 2) lead.add(tick, tick - 5)
  expect(lead.ticks).toBe(5)
})

test('SDK10 a server that stood still is known to be later at once', () => {
  const lead = new Lead()
  for (let tick = 0; tick < 200; tick += 2) lead.add(tick, tick - 10)
  lead.add(200, 230)
  expect(lead.ticks).toBe(-30)
})

test('A8 ticks that were skipped when another process took the room over are known at once, and no stall is taken for them', () => {
  const lead = new Lead()
  for (let tick = 0; tick < 200; tick += 2) lead.add(tick, tick - 10)
  for (let tick = 200; tick < 280; tick += 2) lead.add(tick, 188)
  expect(lead.ticks).toBe(10)
  lead.add(547, 272)
  expect(lead.ticks).toBe(275)
})
