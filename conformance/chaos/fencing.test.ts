import { expect, test } from 'vitest'
import { fencingFaults, type ToldBy, tenuresOf } from './fencing.ts'

const taken = (token: number, atMs: number) =>
  JSON.stringify({ msg: 'room taken', roomId: '7', fence: `${token}`, atMs })
const letGo = (token: number, lastTickMs: number | null) =>
  JSON.stringify({ msg: 'room let go', roomId: '7', fence: `${token}`, lastTickMs })
const told = (owner: string, lines: readonly string[], endedAtMs?: number): ToldBy => ({
  owner,
  output: `${lines.join('\n')}\n`,
  endedAtMs,
})
const faultsOf = (...processes: readonly ToldBy[]): string[] => fencingFaults(tenuresOf(processes))

test('A8 one owner after the other, with growing tokens, is as it should be', () => {
  expect(faultsOf(told('a', [taken(1, 100), letGo(1, 900)]), told('b', [taken(2, 900), letGo(2, null)]))).toEqual([])
  expect(faultsOf(told('a', [taken(1, 100)], 500), told('b', [taken(2, 600)]))).toEqual([])
})

test('A8 two owners at a time are found', () => {
  const found = ['room 7: a played on for 100 ms after b took it']
  expect(faultsOf(told('a', [taken(1, 100), letGo(1, 900)]), told('b', [taken(2, 800)]))).toEqual(found)
  expect(faultsOf(told('a', [taken(1, 100)], 900), told('b', [taken(2, 800)]))).toEqual(found)
})

test('A8 a room that its process never let go of is found', () => {
  expect(faultsOf(told('a', [taken(1, 100)]), told('b', [taken(2, 800)]))).toHaveLength(1)
})

test('A8 a token that does not grow is found', () => {
  const found = faultsOf(told('a', [taken(2, 100), letGo(2, 200)]), told('b', [taken(1, 300)]))
  expect(found).toEqual(['room 7: b has token 1 after a had 2'])
})
