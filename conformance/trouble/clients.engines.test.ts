import { setTimeout as pause } from 'node:timers/promises'
import { NO_TICK } from '@meydan/contracts/wire'
import { arena } from '@meydan/games/arena'
import { createClient, memoryStorage } from '@meydan/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningPlatform, startPlatform } from '../platform/index.ts'
import { Bare, guestToken } from './bare.ts'
import { type Seated, seated } from './guests.ts'
import { comfortOf } from './steady.ts'

const STILL = { moveX: 0, moveY: 0, aim: 0, fire: 0 }
const INPUT_EVERY_MS = 15
/** A snapshot without a baseline, of a full arena, and its headers. */
const WHOLE_BYTES_MAX = 800

let platform: RunningPlatform
const open: { close(): void }[] = []
beforeAll(async () => {
  platform = await startPlatform({ MEYDAN_BOT_WAIT_MS: '300', MEYDAN_LIMIT_SCALE: '1000' })
})
afterAll(async () => {
  for (const each of open) each.close()
  await platform?.stop()
})

/** An honest player, and a client by hand in the same match. */
async function together(): Promise<{ honest: Seated; bare: Bare; handle: number }> {
  const bare = await Bare.open(platform.url, await guestToken(platform.url, 'Bare'))
  open.push(bare)
  const honest = await seated(platform.url, 'Honest')
  open.push(honest.client)
  const { handle, roomId } = await bare.playOn()
  expect(roomId).toBe(honest.roomId)
  return { honest, bare, handle }
}

/** Does `work` for each input a person would send, until told to stop. */
function eachInput(work: (seq: number) => void): () => void {
  let seq = 0
  const timer = setInterval(() => work(++seq), INPUT_EVERY_MS)
  return () => clearInterval(timer)
}

describe('a client that lies about what it has', () => {
  test.each([
    ['acknowledges nothing', () => NO_TICK],
    ['acknowledges the future', (tick: number) => tick + 1_000],
    ['acknowledges what no match reaches', () => NO_TICK - 1],
  ])('B17 one that %s gets a whole view a second; the others get all of theirs', async (_what, ackTick) => {
    const { honest, bare, handle } = await together()
    const before = await comfortOf(honest, 1_500)
    const stop = eachInput((seq) =>
      bare.play(handle, { seq, inputs: [STILL], ackTick: ackTick(bare.newest?.tick ?? 0), behindTicks: 5 }),
    )
    // The first second is for finding out.
    await pause(1_500)
    const { roomFrames, roomBytes } = bare.heard
    const during = await comfortOf(honest, 4_000)
    stop()
    expect(bare.heard.roomFrames - roomFrames).toBeLessThanOrEqual(6)
    expect(bare.heard.roomFrames - roomFrames).toBeGreaterThanOrEqual(3)
    expect(bare.heard.roomBytes - roomBytes).toBeLessThan(6 * WHOLE_BYTES_MAX)
    expect(bare.frames.filter((frame) => 'error' in frame)).toEqual([])
    expect(during.snapshotsPerS).toBeGreaterThan(before.snapshotsPerS * 0.85)
    await bare.leave(honest.roomId)
    await honest.room.leave()
  })
})

describe('a player on two devices', () => {
  test('T4 A4 the second goes on with the seat; the first is told, and what it still sends moves nobody', async () => {
    const token = await guestToken(platform.url, 'Ada')
    const first = await Bare.open(platform.url, token)
    open.push(first)
    const { handle, roomId, seat } = await first.playOn()
    const storage = memoryStorage()
    storage.set('meydan.session', sessionOf(token))
    const second = createClient({ url: platform.url, storage })
    open.push(second)
    await second.connect()
    expect(await second.call.matchmaking.status({})).toEqual({ state: 'playing', game: 'arena', roomId })
    const room = await second.joinRoom(roomId, arena)
    expect(room.joined.seat).toBe(seat)
    const told = await first.next(({ event }) => event === 'ROOM_CLOSED')
    expect(told.data).toEqual({ reason: 'replaced' })
    const framesThen = first.heard.roomFrames
    // Both pull, each its own way, while nobody may fire yet: only the second is heard.
    const stopFirst = eachInput((seq) => first.play(handle, { seq, inputs: [{ ...STILL, moveY: -1 }] }))
    const stopSecond = eachInput((seq) => room.send({ ...STILL, moveX: seq % 40 < 20 ? 1 : -1 }))
    const seen: { x: number; y: number }[] = []
    const stopSeeing = room.onSnapshot(({ view }) => void seen.push(view.avatars.get(seat) ?? { x: 0, y: 0 }))
    await pause(1_000)
    stopFirst()
    stopSecond()
    stopSeeing()
    expect(new Set(seen.map(({ y }) => y)).size).toBe(1)
    // To and fro over the same few places, and on a busy machine not each of them is seen: that it moves is the point.
    expect(new Set(seen.map(({ x }) => x)).size).toBeGreaterThan(3)
    expect(first.heard.roomFrames - framesThen).toBeLessThanOrEqual(1)
    // The first hangs up, and takes nothing with it.
    first.close()
    await pause(300)
    expect(room.isClosed).toBe(false)
    expect(await second.call.matchmaking.status({})).toMatchObject({ state: 'playing', roomId })
    const { tick } = room
    await expect.poll(() => room.tick).toBeGreaterThan(tick)
    await room.leave()
  })
})

/** What a client keeps between visits, for one who has only an access token. */
function sessionOf(accessToken: string): string {
  const later = new Date(Date.now() + 600_000).toISOString()
  const ids = { playerId: '1', sessionId: '1' }
  const refresh = { refreshToken: 'none', refreshExpiresAt: later }
  return JSON.stringify({ tokens: { ...ids, accessToken, accessExpiresAt: later, ...refresh } })
}
