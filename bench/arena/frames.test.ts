import { arena } from '@meydan/games/arena'
import { expect, test } from 'vitest'
import { weighFrames } from './frames.ts'
import { PLAYERS, sceneGame, wishAt } from './scene.ts'

/** What Colyseus sends for the scene with so many avatars: `bench/results`. */
const COLYSEUS_BYTES = [
  [5, 70],
  [20, 274],
  [50, 681],
  [100, 1_355],
] as const

test('DESIGN §9 a snapshot of the scene has at most a third of the bytes of Colyseus’s, also when acknowledgements are late', async () => {
  for (const ackTicks of [2, 6]) {
    for (const [entities, bytes] of COLYSEUS_BYTES) {
      const asked = { ticks: 500, ackTicks, inputEveryTicks: 2, wishes: wishAt, people: PLAYERS }
      expect(
        await weighFrames(
          sceneGame(entities, () => undefined),
          asked,
        ),
      ).toBeLessThanOrEqual(bytes / 3)
    }
  }
})

test('DESIGN §9 a snapshot of the arena, five firing all the time, has at most 30 bytes', async () => {
  const wishes = (player: number, tick: number) => ({ ...wishAt(player, tick), fire: 1 })
  const asked = { ticks: 500, ackTicks: 2, inputEveryTicks: 2, wishes, people: PLAYERS }
  expect(await weighFrames(arena, asked)).toBeLessThanOrEqual(30)
})
