import { arena } from '@meydan/games/arena'
import { Room } from '@meydan/sdk'
import { expect, test } from 'vitest'
import { type LinkShape, PERFECT } from './link.ts'
import { openWorld } from './world.ts'

const SEND_MS = arena.tickMs * arena.sendEveryTicks
const DELAY_MS = 40
const NEAR: LinkShape = { ...PERFECT, delayMs: DELAY_MS, isTcp: true }

test('SDK6 after a snapshot that cannot be read the view goes on a round trip later', async () => {
  const world = await openWorld({ game: arena, seed: 3, people: ['1', '2', '3'] })
  let isBreaking = false
  let brokenAtMs = Number.NaN
  const line = await world.connect('1', NEAR, NEAR, (frame) => {
    room.receive(isBreaking ? frame.subarray(0, -1) : frame)
    if (isBreaking) brokenAtMs = world.nowMs
    isBreaking = false
  })
  const room = new Room(line.joined, arena, {
    send: (frame) => line.send(frame),
    leave: async () => undefined,
    nowMs: () => world.nowMs,
  })
  let wentOnAtMs = Number.NaN
  room.onSnapshot(({ receivedAtMs }) => {
    if (Number.isNaN(wentOnAtMs)) wentOnAtMs = receivedAtMs
  })
  world.every(SEND_MS, 0, () => void room.send({ moveX: 1, moveY: 0, aim: 0, fire: 0 }))
  world.run(3_000)
  isBreaking = true
  wentOnAtMs = Number.NaN
  world.run(3_000)
  expect(wentOnAtMs - brokenAtMs).toBeLessThanOrEqual(2 * DELAY_MS + SEND_MS)
  await world.close()
})
