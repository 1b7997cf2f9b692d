import { matchmaking } from '@meydan/contracts/matchmaking'
import { players } from '@meydan/contracts/players'
import { expect, test } from 'vitest'
import { HEARTBEAT_MS } from './heartbeats.ts'
import { presenceCalls } from './presence.ts'

const HOUR_MS = 3_600_000
/** So long the services remember a call, and so many in a row may be lost. */
const KEPT_MS = { 'matchmaking.stillHere': 40_000, 'players.heartbeat': 300_000 } as const
const LOST_MAX = { 'matchmaking.stillHere': 1, 'players.heartbeat': 3 } as const

test('A5 A9 a player who is connected stays present, also when calls are lost, and is not said to be more often than that takes', () => {
  const due = presenceCalls([matchmaking, players])
  for (const connection of [0, 1, 2, 3]) {
    const made: Record<string, number[]> = {}
    for (let beat = 0; beat * HEARTBEAT_MS < HOUR_MS; beat++) {
      for (const name of due(beat, connection)) made[name] = [...(made[name] ?? []), beat * HEARTBEAT_MS]
    }
    for (const name of ['matchmaking.stillHere', 'players.heartbeat'] as const) {
      const [first = -1, ...rest] = made[name] ?? []
      expect(first, `${name} comes with the hello`).toBe(0)
      const longest = Math.max(...rest.map((atMs, index) => atMs - ([first, ...rest][index] ?? 0)))
      expect(longest * (1 + LOST_MAX[name])).toBeLessThan(KEPT_MS[name])
    }
    expect(made['players.heartbeat']?.length).toBeLessThanOrEqual(HOUR_MS / 60_000 + 1)
  }
})

test('A9 of those who came at once as many say that they are online with each later beat', () => {
  const due = presenceCalls([players])
  for (const beat of [1, 2, 3, 4, 5]) {
    expect([0, 1, 2, 3].filter((connection) => due(beat, connection).length > 0)).toHaveLength(1)
  }
})

test('what the platform does not have is not called', () => {
  expect(presenceCalls([players])(0, 1)).toEqual(['players.heartbeat'])
  expect(presenceCalls([])(0, 1)).toEqual([])
})
