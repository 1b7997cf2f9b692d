import { expect, test } from 'vitest'
import { BEAT_MS, HEARTBEAT_MS, Heartbeats } from './heartbeats.ts'

function joined(count: number): Heartbeats<{ id: number }> {
  const beats = new Heartbeats<{ id: number }>(0)
  for (let id = 1; id <= count; id++) beats.add({ id })
  return beats
}

test('S4 every connection has its turn once in each heartbeat', () => {
  const beats = joined(1_000)
  const turns = new Map<number, number>()
  for (let nowMs = 0; nowMs <= 3 * HEARTBEAT_MS; nowMs += 17) {
    for (const { id } of beats.due(nowMs)) turns.set(id, (turns.get(id) ?? 0) + 1)
  }
  expect(turns.size).toBe(1_000)
  // The last beat falls on the last moment looked at, or just after it.
  expect([...new Set(turns.values())].every((count) => count === 2 || count === 3)).toBe(true)
  expect([...turns.values()].filter((count) => count === 3).length).toBeGreaterThan(990)
})

test('DESIGN §9 the heartbeats of 20,000 sockets never come at once, not even after a stall', () => {
  const beats = joined(20_000)
  let most = 0
  for (let nowMs = 0; nowMs < HEARTBEAT_MS; nowMs += BEAT_MS) most = Math.max(most, [...beats.due(nowMs)].length)
  expect(most).toBeLessThanOrEqual(70)
  // As long as it may be: a second's worth, and then as before.
  expect([...beats.due(10 * HEARTBEAT_MS)].length).toBeLessThanOrEqual(20 * 67)
  expect([...beats.due(10 * HEARTBEAT_MS + BEAT_MS)].length).toBeLessThanOrEqual(140)
})

test('S4 who has left has no more turns', () => {
  const beats = new Heartbeats<{ id: number }>(0)
  const [stays, leaves] = [{ id: 1 }, { id: 2 }]
  beats.add(stays)
  beats.add(leaves)
  beats.delete(leaves)
  expect([...beats]).toEqual([stays])
  expect(beats.size).toBe(1)
  const seen = []
  for (let nowMs = 0; nowMs <= HEARTBEAT_MS; nowMs += BEAT_MS) seen.push(...beats.due(nowMs))
  expect(seen).toEqual([stays])
})
