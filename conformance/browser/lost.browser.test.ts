import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, picture, playing, type Stand, standAt } from './pages.ts'
import { type OnePlace, openOne } from './placement.ts'

/** What only one process alone can lose: several keep a match that was in one of them (`faults.cluster.browser.test.ts`). */

let place: OnePlace
let stand: Stand
let page: Page

beforeAll(async () => {
  place = await openOne({ MEYDAN_BOT_WAIT_MS: '3000' })
  stand = await standAt(place)
  page = await stand.open(await stand.context({ viewport: { width: 390, height: 844 } }))
})
afterAll(() => stand?.close())

test('A8 a match that was lost with its server leads back to Play, which finds another', async () => {
  await page.click(at('play'))
  const room = await playing(page)
  place.kill()
  await page.waitForSelector(at('banner'))
  await picture(page, 'banner-390')
  await place.startAgain()
  await page.waitForSelector(`${at('problem')}:has-text("lost with its server")`, { timeout: 30_000 })
  await picture(page, 'lost-390-light')
  await page.click(at('play'))
  expect(await playing(page)).not.toBe(room)
  expect(stand.problems.filter((problem) => !/Failed to load resource|WebSocket connection/.test(problem))).toEqual([])
})
