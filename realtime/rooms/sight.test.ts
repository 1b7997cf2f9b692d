import { NO_TICK } from '@meydan/contracts/wire'
import { expect, test } from 'vitest'
import { believedTick, Sight } from './sight.ts'

const frame = (ackTick: number, behindTicks?: number) => ({ ackTick, seq: 1, inputs: [], behindTicks })

test('A10 a player saw so many ticks before the snapshot it had', () => {
  const sight = new Sight()
  expect(sight.look(frame(100, 4), 100)).toBe(96)
  // Overtaken by the frame before, which acknowledged more: it saw what it had then.
  expect(new Sight().look(frame(98, 4), 100)).toBe(94)
})

test('A10 who does not say, or has nothing, has seen the present', () => {
  expect(new Sight().look(frame(100), 100)).toBeUndefined()
  expect(new Sight().look(frame(NO_TICK, 4), 100)).toBeUndefined()
  expect(new Sight().look(frame(100, 4), NO_TICK)).toBeUndefined()
})

test('A10 a snapshot that is not believed shows nothing newer, and what was seen is not unseen', () => {
  const sight = new Sight()
  expect(sight.look(frame(5_000, 0), 100)).toBe(100)
  expect(sight.look(frame(100, 255), 100)).toBe(100)
})

test('A10 a game is told of a second at most, and never of the future', () => {
  expect(believedTick(500, 510, 15)).toBe(500)
  expect(believedTick(100, 510, 15)).toBe(510 - 66)
  expect(believedTick(900, 510, 15)).toBe(510)
  expect(believedTick(-40, 10, 15)).toBe(0)
})
