import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchTabs, type RunningTabs } from './chromium.ts'
import { at, openStand, others, own, playing, type Stand } from './pages.ts'

const MATCH_MS = 25_000
/** An input a tick is 67 frames a second; acknowledgements alone are 10, and a hidden tab's timers would send one. */
const FRAMES_PER_S_MIN = 25
/** Others are shown a tenth of a second late, by 23 px at a run; the rest is for a slow machine. A view of a second ago is 225 px off. */
const LATE_PX = 80
/** A hidden tab's timers run once a second. */
const TIMERS_SLEEP_MS = 700

let chromium: RunningTabs
let stand: Stand
let ada: Page
let bora: Page
const framesSent = new Map<Page, number>()

beforeAll(async () => {
  chromium = await launchTabs()
  chromium.tabs.on('page', (page) => {
    const count = (): void => void framesSent.set(page, (framesSent.get(page) ?? 0) + 1)
    page.on('websocket', (socket) => socket.on('framesent', count))
  })
  stand = await openStand({ MEYDAN_MATCH_MS: String(MATCH_MS), MEYDAN_BOT_WAIT_MS: '2000' }, chromium)
})
afterAll(() => stand?.close())

const isHidden = (page: Page): Promise<boolean> => page.evaluate(() => document.hidden)

/** How far down a page shows somebody else. */
async function seen(page: Page, seat: number, attribute?: string): Promise<number> {
  return (await others(page, attribute)).find((each) => each.seat === seat)?.y ?? Number.NaN
}

/** In the page: keeps what the field tells of the others in the very moment that the tab is looked at again, before any timer runs. */
function keepWhatIsShown(field: string): void {
  const element = document.querySelector(field)
  const keep = (): void => element?.setAttribute('data-shown', element.getAttribute('data-others') ?? '[]')
  document.addEventListener('visibilitychange', keep, { once: true })
}

/**
 * Presses the key that leads a page's avatar up or down to the middle, and waits until it has come this far. Gives the key, still held.
 * From wherever one begins that way is free for 300 px at least; to the sides there are walls.
 */
async function run(page: Page, px: number): Promise<string> {
  const { y: fromY } = await own(page)
  const key = fromY > 450 ? 'KeyW' : 'KeyS'
  await page.keyboard.down(key)
  await expect.poll(async () => Math.abs((await own(page)).y - fromY), { timeout: 5_000 }).toBeGreaterThan(px)
  return key
}

describe('two tabs of one browser', () => {
  test('A1 each tab is a player of its own, and the one that is hidden comes into the match as well', async () => {
    ada = await stand.open(chromium.tabs)
    await ada.fill(at('name'), 'Ada')
    await ada.click(at('play'))
    await ada.waitForSelector(at('queue'))
    bora = await stand.open(chromium.tabs)
    expect(await isHidden(ada)).toBe(true)
    await bora.fill(at('name'), 'Bora')
    await bora.click(at('play'))
    const [first, second] = await Promise.all([playing(ada), playing(bora)])
    expect(first).toBe(second)
    expect((await own(ada)).seat).not.toBe((await own(bora)).seat)
    await bora.waitForSelector(`${at('hud-time')}:has-text(":")`)
  })

  test('A6 a hidden tab plays on, sees what the others do, and shows it at once when it is looked at', async () => {
    const before = { sent: framesSent.get(ada) ?? 0, atMs: performance.now() }
    const { seat } = await own(bora)
    const key = await run(bora, 100)
    await expect.poll(async () => Math.abs((await seen(ada, seat)) - (await own(bora)).y)).toBeLessThan(LATE_PX)
    expect(await isHidden(ada)).toBe(true)
    const perS = ((framesSent.get(ada) ?? 0) - before.sent) / ((performance.now() - before.atMs) / 1_000)
    expect(perS).toBeGreaterThan(FRAMES_PER_S_MIN)
    // In the middle of a run, and long after the hidden tab's timers last ran.
    await bora.waitForTimeout(TIMERS_SLEEP_MS)
    await ada.evaluate(keepWhatIsShown, at('field'))
    await ada.bringToFront()
    await ada.waitForSelector(`${at('field')}[data-shown]`)
    expect(Math.abs((await seen(ada, seat, 'data-shown')) - (await own(bora)).y)).toBeLessThan(LATE_PX)
    await bora.keyboard.up(key)
  })

  test('A6 whose tab is hidden in the middle of a run stands still', async () => {
    const key = await run(ada, 60)
    await bora.bringToFront()
    expect(await isHidden(ada)).toBe(true)
    const { seat, y } = await own(ada)
    await bora.waitForTimeout(1_000)
    expect(Math.abs((await seen(bora, seat)) - y)).toBeLessThan(LATE_PX)
    await ada.keyboard.up(key)
  })

  test('A6 a tab that is loaded again is the player it was, and a copy of it is somebody else', async () => {
    const { seat } = await own(bora)
    const room = await playing(bora)
    await bora.reload()
    expect(await playing(bora)).toBe(room)
    expect((await own(bora)).seat).toBe(seat)
    const opened = chromium.tabs.waitForEvent('page')
    // A tab that a page opens begins with that page's storage.
    await bora.evaluate(() => void window.open(window.location.href))
    const copy = await opened
    await copy.waitForSelector(at('name'))
    await copy.close()
    await bora.bringToFront()
    expect(await playing(bora)).toBe(room)
  })

  test('A9 the match ends in the hidden tab too', async () => {
    expect(await isHidden(ada)).toBe(true)
    const end = { timeout: 2 * MATCH_MS }
    await Promise.all([ada, bora].map((page) => page.waitForSelector(`${at('rating')}:has-text("Rating")`, end)))
  })

  test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
    expect(stand.problems).toEqual([])
  })
})
