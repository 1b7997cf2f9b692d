import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type RunningPlatform, startPlatform } from '@meydan/conformance/platform'
import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults, at, openStand, picture, playing, type Stand } from './pages.ts'

/** Long enough for a busy machine to show the queue before it is over. */
const BOT_WAIT_MS = 3_000

let settings: Readonly<Record<'MEYDAN_BOT_WAIT_MS' | 'MEYDAN_DATA' | 'MEYDAN_PORT', string>>
let stand: Stand
let context: BrowserContext
/** The same platform, after it was killed. */
let again: RunningPlatform | undefined

beforeAll(async () => {
  const data = await mkdtemp(join(tmpdir(), 'meydan-trouble-'))
  settings = { MEYDAN_BOT_WAIT_MS: String(BOT_WAIT_MS), MEYDAN_DATA: data, MEYDAN_PORT: String(await freePort()) }
  stand = await openStand(settings)
  context = await stand.context({ viewport: { width: 390, height: 844 } })
})
afterAll(async () => {
  await stand?.close()
  await again?.stop()
  await rm(settings.MEYDAN_DATA, { recursive: true, force: true })
})

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

  test('A8 a match that was lost with its server leads back to Play, which finds another', async () => {
    const page = await stand.open(context)
    const room = await playing(page)
    stand.platform.process.kill('SIGKILL')
    await page.waitForSelector(at('banner'))
    await picture(page, 'banner-390')
    again = await startPlatform(settings)
    await page.waitForSelector(`${at('problem')}:has-text("lost with its server")`, { timeout: 30_000 })
    await picture(page, 'lost-390-light')
    await page.click(at('play'))
    expect(await playing(page)).not.toBe(room)
  })

  test('A13 nothing else went wrong', () => {
    expect(stand.problems.filter((problem) => !/Failed to load resource|WebSocket connection/.test(problem))).toEqual(
      [],
    )
  })
})
