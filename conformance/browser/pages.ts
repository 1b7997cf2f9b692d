import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium, type RunningChromium } from './chromium.ts'
import { openPlace, type Place } from './placement.ts'

const ARTIFACTS = fileURLToPath(new URL('../../artifacts/', import.meta.url))
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** A platform, in one process or in several, and a Chromium, and what went wrong in its pages. */
export interface Stand {
  readonly place: Place
  /** Errors that pages threw or logged; what their content policy refuses is logged as an error. */
  readonly problems: string[]
  /** A browser of its own, as of another person. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>
  /** Opens a page of the platform; `base` is another way to it. */
  open(context: BrowserContext, path?: string, base?: string): Promise<Page>
  close(): Promise<void>
}

/** Starts a platform with these settings, and Chromium unless one is given. */
export async function openStand(
  settings: Readonly<Record<string, string>>,
  chromium?: RunningChromium,
): Promise<Stand> {
  return standAt(await openPlace(settings), chromium)
}

/** The same, before a platform that was started already. The stand stops it. */
export async function standAt(place: Place, chromium?: RunningChromium): Promise<Stand> {
  await mkdir(ARTIFACTS, { recursive: true })
  const { browser, close } = chromium ?? (await launchChromium())
  const problems: string[] = []
  return {
    place,
    problems,
    context: (options) => browser.newContext(options),
    async open(context, path = '/app/', base = place.url) {
      const page = await context.newPage()
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      await page.goto(`${base}${path}`)
      return page
    },
    async close() {
      await close()
      await place.stop()
    },
  }
}

/** An element by its `data-testid`. */
export const at = (id: string): string => `[data-testid=${id}]`

/** Keeps a picture of the page under artifacts/. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${ARTIFACTS}${name}.png` })
}

interface AxeWindow {
  axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
}

/** Half faded in, a text has no contrast and a button not its size: what moves is judged where it comes to rest. */
async function atRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    await Promise.allSettled(ending.map(({ finished }) => finished))
  })
}

/** What axe finds wrong with the page as it is now: rules and the first element that breaks each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await atRest(page)
  await page.evaluate(await readFile(AXE, 'utf8'))
  return page.evaluate(async () => {
    const { violations } = (await (window as Window & Partial<AxeWindow>).axe?.run()) ?? { violations: [] }
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
  })
}

/** What a finger could not hit well, px. */
const TARGET_PX_MIN = 44

/** What does not fit: targets too small for a finger, a page wider than its window, and content that its box cuts off without a sign. */
export async function layoutFaults(page: Page): Promise<string[]> {
  await atRest(page)
  return page.evaluate((min) => {
    const faults: string[] = []
    const root = document.documentElement
    if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth} px wide`)
    for (const target of document.querySelectorAll('button, a, input')) {
      // What is for windows of another width is nobody's target here.
      if (!target.checkVisibility()) continue
      const { width, height } = target.getBoundingClientRect()
      if (width < min || height < min) faults.push(`${width} × ${height}: ${target.outerHTML}`)
    }
    for (const box of document.querySelectorAll('main *')) {
      const { overflowX, textOverflow, position } = getComputedStyle(box)
      // What is cut with an ellipsis says so, and what is only for readers has no size.
      if (overflowX !== 'hidden' || textOverflow === 'ellipsis' || position === 'absolute') continue
      if (box.scrollWidth > box.clientWidth)
        faults.push(`${box.scrollWidth} in ${box.clientWidth} px: ${box.outerHTML}`)
    }
    return faults
  }, TARGET_PX_MIN)
}

/** Waits until the page plays, and gives the room it plays in. A busy machine compiles what draws the field for ten seconds. */
export async function playing(page: Page, timeout = 30_000): Promise<string> {
  await page.waitForSelector(`${at('field')}[data-x]:not([data-x=""])`, { timeout })
  return (await page.getAttribute(at('field'), 'data-room')) ?? ''
}

/** The seat of the page's own avatar, and where it is shown, px of the field. */
export async function own(page: Page): Promise<{ seat: number; x: number; y: number }> {
  const field = page.locator(at('field'))
  const told = async (name: string): Promise<number> => Number(await field.getAttribute(`data-${name}`))
  return { seat: await told('seat'), x: await told('x'), y: await told('y') }
}

/** Everybody else on the page's field. */
export async function others(page: Page, attribute = 'data-others'): Promise<{ seat: number; x: number; y: number }[]> {
  return JSON.parse((await page.getAttribute(at('field'), attribute)) ?? '[]')
}
