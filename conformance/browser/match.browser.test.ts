import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { type RunningPlatform, startPlatform } from '@meydan/conformance/platform'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--disable-background-networking',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
]
const ARTIFACTS = fileURLToPath(new URL('../../artifacts/', import.meta.url))
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const BOT_WAIT_MS = 5_000

let platform: RunningPlatform
let browser: Browser
let ada: Page
let bora: Page
const problems: string[] = []

async function open(options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ...options, bypassCSP: true })
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${platform.url}/app/`)
  return page
}

const at = (id: string) => `[data-testid=${id}]`
const picture = (page: Page, name: string) => page.screenshot({ path: `${ARTIFACTS}${name}.png` })

interface AxeWindow {
  axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
}

async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE })
  return page.evaluate(async () => {
    const { violations } = (await (window as Window & Partial<AxeWindow>).axe?.run()) ?? { violations: [] }
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}

async function own(page: Page): Promise<{ x: number; seat: string }> {
  const field = page.locator(at('field'))
  return { x: Number(await field.getAttribute('data-x')), seat: (await field.getAttribute('data-seat')) ?? '' }
}

async function seenX(page: Page, seat: string): Promise<number | undefined> {
  const others: { seat: number; x: number }[] = JSON.parse(
    (await page.locator(at('field')).getAttribute('data-others')) ?? '[]',
  )
  return others.find((other) => String(other.seat) === seat)?.x
}

beforeAll(async () => {
  await mkdir(ARTIFACTS, { recursive: true })
  platform = await startPlatform({ MEYDAN_MATCH_MS: '20000', MEYDAN_BOT_WAIT_MS: String(BOT_WAIT_MS) })
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
  ada = await open({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  bora = await open({ viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true })
})
afterAll(async () => {
  await browser?.close()
  await platform?.stop()
})

describe('two people in two browsers', () => {
  test('A13 the landing page is readable, and accessible', async () => {
    await ada.waitForSelector(at('play'))
    expect(await accessibilityFaults(ada)).toEqual([])
    expect(await accessibilityFaults(bora)).toEqual([])
    await picture(ada, 'landing-1440-light')
    await picture(bora, 'landing-390-dark')
  })

  test('A1 they ask, see who waits, and play the same match with a bot within 15 seconds', async () => {
    await ada.fill(at('name'), 'Ada')
    await bora.fill(at('name'), 'Bora')
    const askedMs = performance.now()
    // By keyboard, as by mouse.
    await ada.press(at('name'), 'Enter')
    await bora.click(at('play'))
    await ada.waitForFunction(
      () => document.querySelector('[data-testid=queue-seats]')?.textContent?.startsWith('2'),
      undefined,
      { timeout: BOT_WAIT_MS },
    )
    expect(await accessibilityFaults(ada)).toEqual([])
    await picture(ada, 'queue-1440-light')
    await picture(bora, 'queue-390-dark')
    await Promise.all([ada, bora].map((page) => page.waitForSelector(`${at('field')}[data-x]`, { timeout: 15_000 })))
    expect(performance.now() - askedMs).toBeLessThan(15_000)
    const rooms = await Promise.all([ada, bora].map((page) => page.getAttribute(at('field'), 'data-room')))
    expect(rooms[0]).toBe(rooms[1])
    const others: unknown[] = JSON.parse((await ada.getAttribute(at('field'), 'data-others')) ?? '[]')
    expect(others.length).toBeGreaterThanOrEqual(2)
  })

  test('A6 when one moves, the other sees it', async () => {
    await ada.waitForFunction(
      () => !document.querySelector('[data-testid=hud-time]')?.textContent?.startsWith('Get ready'),
    )
    const before = await own(ada)
    const key = before.x > 800 ? 'KeyA' : 'KeyD'
    await ada.mouse.move(700, 450)
    await ada.keyboard.down(key)
    await expect.poll(async () => Math.abs((await own(ada)).x - before.x), { timeout: 5_000 }).toBeGreaterThan(100)
    await picture(ada, 'match-1440')
    await picture(bora, 'match-390')
    await expect
      .poll(async () => Math.abs(((await seenX(bora, before.seat)) ?? before.x) - before.x), { timeout: 5_000 })
      .toBeGreaterThan(80)
    await ada.keyboard.up(key)
  })

  test('A6 a page that is loaded again goes back into the match', async () => {
    const room = await bora.getAttribute(at('field'), 'data-room')
    await bora.reload()
    await bora.waitForSelector(`${at('field')}[data-x]`)
    expect(await bora.getAttribute(at('field'), 'data-room')).toBe(room)
  })

  test('A9 the match ends with a result, a rating and a place on the board', async () => {
    await Promise.all([ada, bora].map((page) => page.waitForSelector(at('result'), { timeout: 40_000 })))
    await ada.waitForSelector('text=/Rating \\d+/')
    expect(await accessibilityFaults(ada)).toEqual([])
    await picture(ada, 'result-1440-light')
    await picture(bora, 'result-390-dark')
    await ada.click(at('home'))
    await ada.locator(at('board')).getByText(/^Ada/).waitFor()
    await picture(ada, 'leaderboard-1440-light')
  })

  test('nothing went wrong in the pages', () => {
    expect(problems).toEqual([])
  })
})
