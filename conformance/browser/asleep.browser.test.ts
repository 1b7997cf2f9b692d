import type { CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, openStand, others, own, playing, type Stand } from './pages.ts'

/** Longer than a sleep, and what is around it. */
const MATCH_MS = 100_000
const SLEEP_MS = 60_000
/** As in the test of tabs: others are shown a tenth of a second late, and the machine may be slow. */
const LATE_PX = 80
/** A person sends 67 frames a second; a socket may send 300 at once and 150 a second. */
const FRAMES_PER_S_MAX = 150

let stand: Stand
let ada: Page
let bora: Page
let cdp: CDPSession
const frames = { sent: 0, received: 0, sockets: 0 }

beforeAll(async () => {
  stand = await openStand({ MEYDAN_MATCH_MS: String(MATCH_MS), MEYDAN_BOT_WAIT_MS: '3000' })
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const
  const context = await stand.context(phone)
  context.on('page', (page) =>
    page.on('websocket', (socket) => {
      frames.sockets++
      socket.on('framesent', () => void frames.sent++)
      socket.on('framereceived', () => void frames.received++)
    }),
  )
  ada = await stand.open(context)
  bora = await stand.open(await stand.context())
  cdp = await context.newCDPSession(ada)
})
afterAll(() => stand?.close())

/**
 * A phone that is put away: nothing of the page runs, and its socket lives on. Chromium freezes no page that it takes for the one in
 * front, and Playwright's all are (`Page.setWebLifecycleState` changes nothing); the debugger's pause stops timers, frames and messages alike.
 */
const sleep = async (): Promise<void> => {
  await cdp.send('Debugger.enable')
  await cdp.send('Debugger.pause')
}
const wake = async (): Promise<void> => {
  await cdp.send('Debugger.resume')
  await cdp.send('Debugger.disable')
}

describe('a page that is asleep for a minute', () => {
  test('A8 wakes up in the match as it is now, at once, and without a flood either way', async () => {
    for (const [page, name] of [
      [ada, 'Ada'],
      [bora, 'Bora'],
    ] as const) {
      await page.fill(at('name'), name)
      await page.click(at('play'))
    }
    const [room, other] = await Promise.all([playing(ada, 30_000), playing(bora, 30_000)])
    expect(room).toBe(other)
    const { seat } = await own(bora)
    await sleep()
    const before = { ...frames }
    await bora.waitForTimeout(SLEEP_MS)
    // It said nothing all the while, and so got a view a second.
    expect(frames.sent - before.sent).toBeLessThan(50)
    await wake()
    const woke = { ...frames }
    const fresh = async (): Promise<number> => {
      const [mine, theirs] = await Promise.all([own(bora), others(ada)])
      const seen = theirs.find((each) => each.seat === seat)
      return seen ? Math.hypot(seen.x - mine.x, seen.y - mine.y) : Number.POSITIVE_INFINITY
    }
    await expect.poll(fresh, { timeout: 3_000 }).toBeLessThan(LATE_PX)
    await ada.waitForTimeout(1_000)
    expect(frames.sent - woke.sent).toBeLessThan(4 * FRAMES_PER_S_MAX)
    expect(await playing(ada)).toBe(room)
    expect((await own(ada)).seat).not.toBe(seat)
    await ada.waitForSelector(`${at('hud-ping')}:has-text(" ms")`)
  })

  test('A13 and no page logged an error', () => {
    expect(stand.problems).toEqual([])
  })
})
