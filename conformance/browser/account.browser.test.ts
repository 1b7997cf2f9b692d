import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults, at, layoutFaults, openStand, picture, playing, type Stand } from './pages.ts'

const DESK = { viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'en-GB' } as const
const PHONE = {
  viewport: { width: 390, height: 844 },
  colorScheme: 'dark',
  hasTouch: true,
  isMobile: true,
  locale: 'tr-TR',
} as const
/** Long enough to look around. */
const BOT_WAIT_MS = 12_000
const NARROW_PX = 320
const PLACES = ['', 'leaderboards', 'profile', 'account', 'sessions', 'settings', 'sign-in', 'sign-up'] as const
const WAIT = { timeout: 6_000 }
const LOGIN = 'ada.of.the.arena'
const PASSWORD = 'correct horse battery'

let stand: Stand
/** Ada at her desk, in English and by day. */
let desk: Page
/** Ada on her phone, in Turkish and by night. */
let phone: Page

beforeAll(async () => {
  stand = await openStand({ MEYDAN_MATCH_MS: '60000', MEYDAN_BOT_WAIT_MS: String(BOT_WAIT_MS) })
  desk = await stand.open(await stand.context(DESK))
  phone = await stand.open(await stand.context(PHONE))
})
afterAll(() => stand?.close())

const faults = async (page: Page): Promise<string[]> => [
  ...(await accessibilityFaults(page)),
  ...(await layoutFaults(page)),
]

const nameOf = async (page: Page): Promise<string> => {
  await page.goto(`${stand.place.url}/app/profile`)
  return page.innerText(at('own-name'))
}

describe('an account', () => {
  test('A1 a guest becomes an account: what is wrong is said beside the field, and nothing that was typed is lost', async () => {
    await desk.fill(at('name'), 'Ada')
    await desk.click(at('play'))
    await desk.click(at('cancel'))
    await desk.click(at('player-menu'))
    await picture(desk, 'menu-1440-light')
    await desk.click(at('menu-sign-up'))
    await desk.fill(at('login'), 'a!')
    await desk.fill(at('password'), 'short')
    await desk.click(at('sign-up-send'))
    expect(await desk.locator(at('field-error')).count()).toBe(2)
    expect(await desk.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('login')
    expect(await faults(desk)).toEqual([])
    await picture(desk, 'sign-up-errors-1440-light')
    expect(await desk.inputValue(at('password'))).toBe('short')
    await desk.fill(at('login'), LOGIN)
    await desk.fill(at('password'), PASSWORD)
    await desk.click(at('sign-up-send'))
    await desk.waitForSelector(`${at('way-password')}:has-text("${LOGIN}")`)
    await desk.waitForSelector(at('toast'))
    expect(await faults(desk)).toEqual([])
  })

  test('A1 on another device she signs in, and is the same player; a taken name is said to be taken', async () => {
    await phone.tap(at('to-sign-in'))
    await phone.fill(at('login'), LOGIN)
    await phone.fill(at('password'), 'not the password')
    await phone.tap(at('sign-in-send'))
    await phone.waitForSelector(`${at('problem')}:has-text("bir hesap yok")`)
    await phone.fill(at('password'), PASSWORD)
    await phone.tap(at('sign-in-send'))
    await phone.waitForSelector(at('player-menu'))
    // The language of her account, until she chooses another here.
    await phone.waitForSelector('html[lang=en]')
    await phone.tap(at('display'))
    await phone.tap(at('choose-tr'))
    await phone.waitForSelector('h1:has-text("Arenada üç dakika")')
    expect(await nameOf(phone)).toBe('Ada')
    expect(await nameOf(desk)).toBe('Ada')
    const other = await stand.open(await stand.context(DESK), '/app/sign-up')
    await other.fill(at('login'), LOGIN.toUpperCase())
    await other.fill(at('password'), PASSWORD)
    await other.click(at('sign-up-send'))
    await other.waitForSelector(`${at('field-error')}:has-text("taken")`)
    await other.context().close()
  })

  test('A13 name and picture are changed in one place and seen in the other', async () => {
    await desk.fill(at('display-name'), 'Ada Lovelace')
    await desk.click(at('profile-send'))
    await desk.waitForSelector(`${at('own-name')}:has-text("Lovelace")`)
    await desk.click(at('choice-panda'))
    await desk.waitForSelector(`${at('choice-panda')}[data-state=checked]`)
    expect(await nameOf(phone)).toBe('Ada Lovelace')
    await phone.waitForSelector(`${at('choice-panda')}[data-state=checked]`)
  })

  test('A13 every place is accessible and fits, at 1440 px by day and at 390 px by night in Turkish', async () => {
    for (const place of PLACES) {
      for (const [page, look] of [
        [desk, '1440-light'],
        [phone, '390-dark-tr'],
      ] as const) {
        await page.goto(`${stand.place.url}/app/${place}`)
        await page.waitForSelector('main h1')
        await page.waitForSelector('main [role=status]', { state: 'detached' })
        expect(await page.getAttribute('html', 'lang')).toBe(page === phone ? 'tr' : 'en')
        expect({ place, look, faults: await faults(page) }).toEqual({ place, look, faults: [] })
        await page.screenshot({ path: `artifacts/place-${place || 'start'}-${look}.png`, fullPage: true })
      }
    }
  })

  test('A13 nothing is wider than a window of 320 px', async () => {
    await desk.setViewportSize({ width: NARROW_PX, height: 700 })
    for (const place of PLACES) {
      await desk.goto(`${stand.place.url}/app/${place}`)
      await desk.waitForSelector('main h1')
      expect({ place, faults: await layoutFaults(desk) }).toEqual({ place, faults: [] })
    }
    await desk.setViewportSize(DESK.viewport)
  })

  test('C2 a session that is ended elsewhere is over, and says so', async () => {
    await desk.goto(`${stand.place.url}/app/sessions`)
    await expect.poll(() => desk.locator(at('session')).count(), WAIT).toBe(2)
    expect(await desk.locator(at('this-device')).count()).toBe(1)
    await phone.goto(`${stand.place.url}/app/`)
    await phone.waitForSelector(at('player-menu'))
    await desk.click(at('end-others'))
    await expect.poll(() => desk.locator(at('session')).count(), WAIT).toBe(1)
    await phone.waitForSelector(at('problem'))
    await phone.waitForSelector(at('name'))
    expect(await faults(phone)).toEqual([])
    await picture(phone, 'signed-out-390-dark-tr')
  })

  test('A13 an account is deleted when its name is typed, and only then', async () => {
    await desk.goto(`${stand.place.url}/app/account`)
    await desk.click(at('delete'))
    await desk.fill(at('delete-name'), 'Ada')
    await desk.click(at('delete-account-send'))
    await desk.waitForSelector(at('field-error'))
    expect(await faults(desk)).toEqual([])
    await picture(desk, 'delete-1440-light')
    await desk.fill(at('delete-name'), 'Ada Lovelace')
    await desk.click(at('delete-account-send'))
    await desk.waitForSelector(at('to-sign-in'))
    await desk.click(at('to-sign-in'))
    await desk.fill(at('login'), LOGIN)
    await desk.fill(at('password'), PASSWORD)
    await desk.click(at('sign-in-send'))
    await desk.waitForSelector(at('problem'))
  })
})

describe('as one likes it', () => {
  test('A13 the page speaks the language of the browser, of the choice, and of the account, in that order backwards', async () => {
    const page = await stand.open(await stand.context(PHONE))
    await page.waitForSelector('h1:has-text("Arenada üç dakika")')
    expect(await page.getAttribute('html', 'lang')).toBe('tr')
    await page.tap(at('display'))
    await picture(page, 'display-390-dark-tr')
    await page.tap(at('choose-en'))
    await page.waitForSelector('h1:has-text("Three minutes")')
    expect(await page.getAttribute('html', 'lang')).toBe('en')
    await page.reload()
    await page.waitForSelector('h1:has-text("Three minutes")')
    await page.context().close()
  })

  test('A13 light and dark follow the device until one is chosen', async () => {
    const page = await stand.open(await stand.context(DESK), '/app/settings')
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await ground()
    await page.emulateMedia({ colorScheme: 'dark' })
    const dark = await ground()
    expect(dark).not.toBe(light)
    await page.click(at('choice-light'))
    expect(await ground()).toBe(light)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.click(at('choice-dark'))
    expect(await ground()).toBe(dark)
    await page.reload()
    await page.waitForSelector('main h1')
    expect(await ground()).toBe(dark)
    await page.goto(`${stand.place.url}/app/`)
    await page.waitForSelector(at('live-scene'))
    await picture(page, 'landing-chosen-dark-1440')
    await page.context().close()
  })

  test('A1 who waits for a match may look around, is reminded of it, and is taken to it from wherever they are', async () => {
    const page = await stand.open(await stand.context(PHONE))
    await page.tap(at('play'))
    await page.waitForSelector(at('queue'))
    await page.tap('nav a[href$="/leaderboards"]:visible')
    await page.waitForSelector(at('queue-bar'))
    expect(await faults(page)).toEqual([])
    await picture(page, 'queue-bar-390-dark-tr')
    const room = await playing(page, BOT_WAIT_MS + 30_000)
    await page.goto(`${stand.place.url}/app/settings`)
    expect(await playing(page)).toBe(room)
    await page.context().close()
  })

  test('A13 the page’s places answer by their addresses, and a file that is not there does not', async () => {
    const status = async (path: string) => (await fetch(`${stand.place.url}/app/${path}`)).status
    expect(await status('leaderboards')).toBe(200)
    expect(await status('assets/nothing.js')).toBe(404)
    expect(await status('nothing.png')).toBe(404)
    const page = await stand.open(await stand.context(DESK), '/app/nowhere')
    await page.waitForSelector('h1:has-text("There is nothing here")')
    expect(await faults(page)).toEqual([])
    await page.context().close()
  })

  test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
    // A refusal over REST is a line in the console: wrong password, taken name, and the sign-in after the end.
    const refusals = /Failed to load resource: the server responded with a status of (401|409)/
    expect(stand.problems.filter((problem) => !refusals.test(problem))).toEqual([])
  })
})
