import { expect, test } from 'vitest'
import { Uplink } from './uplink.ts'

const TICK_MS = 15

/** Plays for so long; `appliedAfterMs` is how long an input takes to be applied and told of. Gives the frames that left. */
function play(uplink: Uplink<number>, fromMs: number, ms: number, appliedAfterMs: number, waitingBytes = 0) {
  const frames: (readonly number[])[] = []
  const sent: { seq: number; atMs: number }[] = []
  for (let nowMs = fromMs; nowMs < fromMs + ms; nowMs += TICK_MS) {
    uplink.push(uplink.seq + 1)
    const inputs = uplink.due(nowMs, waitingBytes)
    if (inputs) {
      frames.push(inputs)
      sent.push({ seq: uplink.sentSeq, atMs: nowMs })
    }
    const applied = sent.findLast(({ atMs }) => atMs <= nowMs - appliedAfterMs)
    if (applied) uplink.applied(applied.seq, nowMs)
  }
  return frames
}

test('SDK6 over a link that keeps up each input leaves at once, with the two before it', () => {
  const frames = play(new Uplink(), 0, 1_500, 150)
  expect(frames).toHaveLength(100)
  expect(frames[0]).toEqual([1])
  expect(frames.at(-1)).toEqual([98, 99, 100])
})

test('SDK6 over one that falls behind frames are fewer, and a lost one still loses nothing', () => {
  const uplink = new Uplink<number>()
  play(uplink, 0, 1_500, 100)
  const frames = play(uplink, 1_500, 2_000, 450)
  expect(frames.length).toBeLessThan(110)
  const [one, next] = frames.slice(-2)
  const [lastBefore = 0] = frames.at(-3)?.slice(-1) ?? []
  expect(one?.length).toBeGreaterThan(3)
  // The next frame alone brings all that came after the one before this.
  expect(next).toContain(lastBefore + 1)
})

test('SDK6 what the network does not take is not given to it, and the last eight go when it does', () => {
  const uplink = new Uplink<number>()
  expect(play(uplink, 0, 300, 100, 1_000_000)).toEqual([])
  uplink.push(21)
  expect(uplink.due(300, 0)).toEqual([14, 15, 16, 17, 18, 19, 20, 21])
})

test('SDK6 while nothing is applied for a second frames go as seldom as they can, and as before once it is', () => {
  const uplink = new Uplink<number>()
  play(uplink, 0, 1_200, 1_000_000)
  const away = play(uplink, 1_200, 1_200, 1_000_000)
  expect(away).toHaveLength(10)
  expect(away.at(-1)).toHaveLength(8)
  uplink.applied(uplink.sentSeq, 2_400)
  expect(play(uplink, 2_400, 150, 100)).toHaveLength(10)
})
