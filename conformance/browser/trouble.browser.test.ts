import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults, at, openStand, picture, type Stand } from './pages.ts'

/** Long enough for a busy machine to show the queue before it is over. */
const BOT_WAIT_MS = 3_000

let stand: Stand
let context: BrowserContext

beforeAll(async () => {
  stand = await openStand({ MEYDAN_BOT_WAIT_MS: String(BOT_WAIT_MS) })
  context = await stand.context({ viewport: { width: 390, height: 844 } })
})
afterAll(() => stand?.close())

const CALLS = '**/v1/**'

describe('when something is wrong', () => {
  test('A13 a server that is away is said to be, and Play works once it is back', async () => {
    await context.route(CALLS, (route) => route.abort('connectionrefused'))
    const page = await stand.open(context)
    await page.click(at('play'))
    await page.waitForSelector(`${at('problem')}:has-text("cannot be reached")`)
    await page.waitForSelector(`${at('board')}:has-text("cannot be read")`)
    expect(await accessibilityFaults(page)).toEqual([])
    await picture(page, 'away-390-light')
    await context.unroute(CALLS)
    await page.waitForSelector(`${at('board')}:has-text("first place")`)
    await page.click(at('play'))
    await page.waitForSelector(at('queue'))
    await page.click(at('cancel'))
    await page.waitForSelector(at('play'))
    await page.close()
  })

  test('A13 who asks too often is told how long to wait', async () => {
    const visitor = await stand.context()
    await visitor.route('**/v1/identity/**', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '30' },
        json: { error: { code: 'RATE_LIMITED', message: 'Too many calls; wait a little.' } },
      }),
    )
    const page = await stand.open(visitor)
    await page.click(at('play'))
    await page.waitForSelector(`${at('problem')}:has-text("again in 30 s")`)
    await visitor.close()
  })

  test('A8 a match whose drawing does not load says so, and loading the page again leads back into it', async () => {
    await context.route('**/assets/match-*.js', (route) => route.abort())
    const page = await stand.open(context)
    await page.click(at('play'))
    await page.waitForSelector(`${at('problem')}:has-text("could not be loaded")`)
    await context.unroute('**/assets/match-*.js')
    await page.reload()
    await page.waitForSelector(at('field'))
    await page.close()
  })

  test('A13 nothing else went wrong', () => {
    expect(stand.problems.filter((problem) => !/Failed to load resource|WebSocket connection/.test(problem))).toEqual(
      [],
    )
  })
})
