import { seededRandom } from '@meydan/contracts/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BadLink, badLink, CLEAR, FAR, type StreamShape } from '../link/index.ts'
import { type Smoothness, Tally } from '../netcode/measure.ts'
import { Screen, type Shot } from '../netcode/screen.ts'
import { type RunningPlatform, startPlatform } from '../platform/index.ts'
import { type Seated, seated } from './guests.ts'

const FRAME_MS = 16
const SETTLE_MS = 2_000
/** How smooth it looks is for conformance/netcode to prove, in a time of its own: here a busy machine would be measured with the link. */
const RTT_MS_MIN = 120
/** As near as a shot must come to an avatar's centre. */
const HIT_BOX_PX = 22

let platform: RunningPlatform
const links: BadLink[] = []
beforeAll(async () => {
  platform = await startPlatform({ MEYDAN_BOT_WAIT_MS: '300', MEYDAN_LIMIT_SCALE: '1000' })
})
afterAll(async () => {
  for (const link of links) await link.close()
  await platform?.stop()
})

async function linked(up: StreamShape, down: StreamShape): Promise<BadLink> {
  const link = await badLink(platform.url, { up, down, seed: 3 })
  links.push(link)
  return link
}

/** Plays for so long on a screen of its own; `also` happens in the middle. */
async function play({ client, room }: Seated, ms: number, also: () => void = () => undefined): Promise<Smoothness> {
  const screen = new Screen(room, seededRandom(5))
  const tally = new Tally()
  const fromMs = performance.now()
  let last: Shot | undefined
  const drawing = setInterval(() => {
    const shot = screen.draw(performance.now())
    if (shot.nowMs - fromMs > SETTLE_MS) tally.add(room.joined.seat, shot, last, screen.play.delayMs)
    last = shot
  }, FRAME_MS)
  await new Promise((resolve) => setTimeout(resolve, ms / 2))
  also()
  await new Promise((resolve) => setTimeout(resolve, ms / 2))
  clearInterval(drawing)
  const quality = screen.play.quality(performance.now())
  screen.play.stop()
  console.info({ rttMs: Math.round(client.rttMs), ...quality, hits: screen.tracers.tally })
  return tally.smoothness()
}

describe('a match over a real bad link', () => {
  test('A10 of 150 ± 30 ms and 2 % loss is played smoothly', async () => {
    const link = await linked(FAR, FAR)
    const person = await seated(link.url, 'Far')
    const { correction } = await play(person, 14_000)
    expect(link.counts.lost).toBeGreaterThan(0)
    expect(person.client.rttMs).toBeGreaterThan(RTT_MS_MIN)
    expect(correction.median).toBeLessThan(HIT_BOX_PX)
    await person.room.leave()
    person.client.close()
  }, 60_000)

  test('A8 that is cut for two seconds goes on in the same seat', async () => {
    const link = await linked(FAR, FAR)
    const person = await seated(link.url, 'Cut')
    const { seat } = person.room.joined
    await play(person, 8_000, () => link.cut(2_000))
    await expect.poll(() => person.client.state, { timeout: 8_000 }).toBe('open')
    const { tick } = person.room
    await expect.poll(() => person.room.tick, { timeout: 3_000 }).toBeGreaterThan(tick)
    expect([person.room.isClosed, person.room.joined.seat]).toEqual([false, seat])
    await person.room.leave()
    person.client.close()
  }, 60_000)

  test('A10 of 2 kB/s each way is played on, and what is seen is fresh', async () => {
    const narrow = { ...CLEAR, delayMs: 20, bytesPerS: 2_000 }
    const link = await linked(CLEAR, CLEAR)
    const person = await seated(link.url, 'Narrow')
    link.up = narrow
    link.down = narrow
    await play(person, 16_000)
    // The median of the last nine pings, two seconds apart: nothing stands in line for long.
    expect(person.client.rttMs).toBeLessThan(1_000)
    const behind = person.room.send({ moveX: 0, moveY: 0, aim: 0, fire: 0 }) - person.room.inputSeq
    expect(behind).toBeLessThan(100)
    await person.room.leave()
    person.client.close()
  }, 60_000)
})
