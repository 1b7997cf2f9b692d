import { type Client, createClient, memoryStorage } from '@meydan/sdk'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { accessibilityFaults, layoutFaults, picture, type Stand } from './pages.ts'

export const DESK = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' } as const
export const PHONE = {
  viewport: { width: 390, height: 844 },
  colorScheme: 'dark',
  hasTouch: true,
  isMobile: true,
} as const

const passwordOf = (username: string) => ({ type: 'password', username, password: 'a long enough one' }) as const

/** Makes an account, and gives a client that is signed in to it. */
export async function register(stand: Stand, username: string, displayName: string): Promise<Client> {
  const client = createClient({ url: stand.place.url })
  await client.register(passwordOf(username), displayName)
  return client
}

/** A browser in which somebody with an account is signed in already. */
export async function visit(
  stand: Stand,
  username: string,
  options: BrowserContextOptions,
  path = '/app/feedback',
): Promise<Page> {
  const storage = memoryStorage()
  await createClient({ url: stand.place.url, storage }).login(passwordOf(username))
  const localStorage = [{ name: 'meydan.session', value: storage.get('meydan.session') ?? '' }]
  const origins = [{ origin: stand.place.url, localStorage }]
  return stand.open(await stand.context({ ...options, storageState: { cookies: [], origins } }), path)
}

/** Goes to a place and waits until what is to be seen there is there. */
export async function go(stand: Stand, page: Page, path: string, seen: string): Promise<void> {
  await page.goto(`${stand.place.url}/app${path}`)
  await page.waitForSelector(seen)
}

export const faults = async (page: Page): Promise<string[]> => [
  ...(await accessibilityFaults(page)),
  ...(await layoutFaults(page)),
]

/** The page as it is, on a desk and on a phone, by day and by night. */
export async function inspect(page: Page, name: string): Promise<void> {
  for (const { viewport } of [DESK, PHONE]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await faults(page), `${name} ${viewport.width} ${colorScheme}`).toEqual([])
      await picture(page, `${name}-${viewport.width}-${colorScheme}`)
    }
  }
  await page.setViewportSize({ width: 320, height: 640 })
  expect(await layoutFaults(page), `${name} 320`).toEqual([])
  await page.setViewportSize(DESK.viewport)
}

/** A browser logs every answer that is a refusal, also one that was asked for. */
export function forgive(stand: Stand, refusal: RegExp): void {
  const others = stand.problems.filter((problem) => !refusal.test(problem))
  stand.problems.splice(0, stand.problems.length, ...others)
}
