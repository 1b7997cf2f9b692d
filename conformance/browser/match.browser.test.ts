import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults, at, layoutFaults, openStand, others, own, picture, playing, type Stand } from './pages.ts'

const BOT_WAIT_MS = 5_000
const MATCH_MS = 30_000

let stand: Stand
let ada: Page
let bora: Page

beforeAll(async () => {
  stand = await openStand({ MEYDAN_MATCH_MS: String(MATCH_MS), MEYDAN_BOT_WAIT_MS: String(BOT_WAIT_MS) })
  const desk = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' } as const
  const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true } as const
  ada = await stand.open(await stand.context(desk))
  bora = await stand.open(await stand.context(phone))
})
afterAll(() => stand?.close())

const both = <T>(look: (page: Page) => Promise<T>): Promise<T[]> => Promise.all([ada, bora].map(look))

const faults = async (page: Page): Promise<string[]> => [
  ...(await accessibilityFaults(page)),
  ...(await layoutFaults(page)),
]

describe('two people in two browsers', () => {
  test('A13 the landing page is readable, and accessible', async () => {
    await both((page) => page.waitForSelector(at('play')))
    expect(await both(faults)).toEqual([[], []])
    await picture(ada, 'landing-1440-light')
    await picture(bora, 'landing-390-dark')
    await ada.emulateMedia({ colorScheme: 'dark' })
    await picture(ada, 'landing-1440-dark')
    await ada.emulateMedia({ colorScheme: 'light' })
  })

  test('A1 they ask, see who waits, and play the same match with a bot within 15 seconds', async () => {
    await ada.fill(at('name'), 'Ada')
    // As long as a name may be.
    await bora.fill(at('name'), 'Bora Wolkenstein-Brandt Özdemir')
    const askedMs = performance.now()
    // By keyboard, as by touch.
    await ada.press(at('name'), 'Enter')
    await bora.tap(at('play'))
    await ada.waitForSelector(`${at('queue-seats')}:has-text("2 of")`, { timeout: BOT_WAIT_MS })
    expect(await both(faults)).toEqual([[], []])
    await picture(ada, 'queue-1440-light')
    await picture(bora, 'queue-390-dark')
    const [first, second] = await both((page) => playing(page))
    expect(performance.now() - askedMs).toBeLessThan(15_000)
    expect(first).toBe(second)
    expect((await others(ada)).length).toBeGreaterThanOrEqual(2)
    expect(await both(faults)).toEqual([[], []])
    await picture(ada, 'warmup-1440')
    await picture(bora, 'warmup-390')
  })

  test('A6 when one moves, the other sees it', async () => {
    await ada.waitForSelector(`${at('hud-time')}:has-text(":")`)
    const before = await own(ada)
    const key = before.x > 800 ? 'KeyA' : 'KeyD'
    await ada.mouse.move(700, 450)
    await ada.mouse.down()
    await ada.keyboard.down(key)
    await expect.poll(async () => Math.abs((await own(ada)).x - before.x), { timeout: 5_000 }).toBeGreaterThan(100)
    await picture(ada, 'match-1440')
    await picture(bora, 'match-390')
    const seen = async (): Promise<number> =>
      Math.abs(((await others(bora)).find(({ seat }) => seat === before.seat)?.x ?? before.x) - before.x)
    await expect.poll(seen, { timeout: 5_000 }).toBeGreaterThan(80)
    await ada.keyboard.up(key)
    await ada.mouse.up()
  })

  test('A6 a page that is loaded again goes back into the match', async () => {
    const room = await playing(bora)
    await bora.reload()
    expect(await playing(bora)).toBe(room)
  })

  test('A9 the match ends with a result, a rating and a place on the board', async () => {
    await both((page) => page.waitForSelector(at('result'), { timeout: 2 * MATCH_MS }))
    await both((page) => page.waitForSelector(`${at('rating')}:has-text("Rating")`))
    expect(await both(faults)).toEqual([[], []])
    await picture(ada, 'result-1440-light')
    await picture(bora, 'result-390-dark')
    await both((page) => page.click(at('home')))
    await both((page) => page.waitForSelector(`${at('board')} [aria-current=true]`))
    expect(await both(faults)).toEqual([[], []])
    await picture(ada, 'leaderboard-1440-light')
    await picture(bora, 'leaderboard-390-dark')
  })

  test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
    expect(stand.problems).toEqual([])
  })
})
