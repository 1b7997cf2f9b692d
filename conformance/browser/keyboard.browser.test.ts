import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, openStand, own, playing, type Stand } from './pages.ts'

/** Long enough for a busy machine to show the queue before it is over. */
const BOT_WAIT_MS = 3_000
const TABS_MAX = 10
const RING_PX_MIN = 2
/** Whoever is hit in the middle of a test is back after 2 s. */
const WAIT = { timeout: 6_000 }

let stand: Stand
let page: Page

beforeAll(async () => {
  stand = await openStand({ MEYDAN_MATCH_MS: '60000', MEYDAN_BOT_WAIT_MS: String(BOT_WAIT_MS) })
  page = await stand.open(await stand.context({ viewport: { width: 1440, height: 900 } }))
  await page.waitForSelector(at('play'))
})
afterAll(() => stand?.close())

/** Goes on with Tab until something has the focus, and gives how wide the ring around it is, px. */
async function tabTo(id: string): Promise<number> {
  for (let tabs = 0; tabs < TABS_MAX; tabs++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body)
      const ringPx = outlineStyle === 'none' ? 0 : Number.parseFloat(outlineWidth)
      return { id: document.activeElement?.getAttribute('data-testid'), ringPx }
    })
    if (focused.id === id) return focused.ringPx
  }
  throw new Error(`${TABS_MAX} times Tab did not lead to ${id}`)
}

/** A number that the field tells about the page's own avatar. */
async function told(name: 'x' | 'y' | 'aim' | 'shots'): Promise<number> {
  return Number(await page.getAttribute(at('field'), `data-${name}`))
}

async function hold(key: string, until: () => Promise<void>): Promise<void> {
  await page.keyboard.down(key)
  await until()
  await page.keyboard.up(key)
}

describe('by keyboard alone', () => {
  test('A13 Tab leads to Play and shows where it is, Enter starts, and Escape leaves the queue', async () => {
    expect(await tabTo('play')).toBeGreaterThanOrEqual(RING_PX_MIN)
    await page.keyboard.press('Enter')
    await page.waitForSelector(at('queue'))
    await page.keyboard.press('Escape')
    await page.waitForSelector(at('play'))
    await tabTo('play')
    await page.keyboard.press('Enter')
    await playing(page)
    await page.waitForSelector(`${at('hud-time')}:has-text(":")`)
  })

  test('A6 arrows and W A S D move, and without a mouse one looks where one goes', async () => {
    const { x } = await own(page)
    const isRight = x > 800
    await hold(isRight ? 'ArrowLeft' : 'ArrowRight', async () => {
      await expect.poll(async () => Math.abs((await own(page)).x - x), WAIT).toBeGreaterThan(60)
      await expect.poll(() => told('aim'), WAIT).toBe(isRight ? 512 : 0)
    })
    const y = await told('y')
    await hold(y > 450 ? 'KeyW' : 'KeyS', async () => {
      await expect.poll(async () => Math.abs((await told('y')) - y), WAIT).toBeGreaterThan(60)
      await expect.poll(() => told('aim'), WAIT).toBe(y > 450 ? 768 : 256)
    })
  })

  test('A6 Q and E turn, and space fires', async () => {
    const aim = await told('aim')
    await hold('KeyE', () => expect.poll(() => told('aim'), WAIT).toBeGreaterThan(aim + 64))
    const turned = await told('aim')
    await hold('KeyQ', () => expect.poll(() => told('aim'), WAIT).toBeLessThan(turned - 64))
    await hold('Space', () => expect.poll(() => told('shots'), WAIT).toBeGreaterThan(0))
  })

  test('A4 Escape asks, and a second time leaves the match; Play is in reach again', async () => {
    await page.keyboard.press('Escape')
    await page.waitForSelector(`${at('leave')}:has-text("Really?")`)
    await page.keyboard.press('Escape')
    await page.waitForSelector(at('play'))
    await tabTo('play')
  })

  test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
    expect(stand.problems).toEqual([])
  })
})
