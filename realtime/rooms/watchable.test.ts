import { expect, test } from 'vitest'
import type { RoomDescription } from './face.ts'
import { bestToWatch, WATCHABLE_MAX } from './watchable.ts'

const room = (roomId: string, startedAtMs: number, people: number, bots = 0): RoomDescription => ({
  roomId,
  game: 'arena',
  startedAtMs,
  seats: Array.from({ length: people + bots }, (_, index) => ({
    index,
    playerId: String(index),
    name: `P${index}`,
    bot: index >= people,
  })),
  watching: 0,
})

test('M7 where the most people play comes first, bots apart, and of these the newest', () => {
  const listed = bestToWatch([room('1', 10, 1, 4), room('2', 10, 3), room('3', 20, 3)], undefined)
  expect(listed.map(({ roomId }) => roomId)).toEqual(['3', '2', '1'])
})

test('M7 a room that two processes tell of, for it is changing hands, is listed once', () => {
  expect(bestToWatch([room('1', 10, 1), room('1', 10, 1)], 'arena')).toHaveLength(1)
})

test('M7 the list has a bound', () => {
  const many = Array.from({ length: WATCHABLE_MAX + 1 }, (_, index) => room(String(index), index, 1))
  expect(bestToWatch(many, undefined).at(-1)?.roomId).toBe('1')
})
