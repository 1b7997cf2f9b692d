import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults, at, layoutFaults, openStand, others, own, picture, playing, type Stand } from './pages.ts'

const MATCH_MS = 60_000

let stand: Stand
let ada: Page
let bora: Page
/** Watches on a wide screen, in English; and on a phone, in Turkish. */
let wide: Page
let small: Page
let roomId: string

beforeAll(async () => {
  stand = await openStand({ MEYDAN_MATCH_MS: String(MATCH_MS), MEYDAN_BOT_WAIT_MS: '4000' })
  const desk = { viewport: { width: 1440, height: 900 }, colorScheme: 'light' } as const
  const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true } as const
  ada = await stand.open(await stand.context(desk))
  bora = await stand.open(await stand.context({ viewport: { width: 800, height: 600 } }))
  wide = await stand.open(await stand.context({ ...desk, locale: 'en-GB' }), '/app/watch')
  small = await stand.open(await stand.context({ ...phone, locale: 'tr-TR' }), '/app/watch')
})
afterAll(() => stand?.close())

const watchers = <T>(look: (page: Page) => Promise<T>): Promise<T[]> => Promise.all([wide, small].map(look))

const faults = async (page: Page): Promise<string[]> => [
  ...(await accessibilityFaults(page)),
  ...(await layoutFaults(page)),
]

const attribute = (page: Page, name: string): Promise<string | null> => page.getAttribute(at('field'), `data-${name}`)

/** Waits until the page shows a match that it watches. */
const shown = (page: Page) => page.waitForSelector(`${at('field')}[data-others*=seat]`, { timeout: 40_000 })

describe('a match that is watched', () => {
  test('B18 whoever comes in as a guest sees what is being played', async () => {
    await watchers((page) => page.click(at('come-in')))
    await small.waitForSelector('text=Şu anda kimse oynamıyor')
    expect(await watchers(faults)).toEqual([[], []])
    await picture(small, 'live-empty-390-dark-tr')
    for (const [page, name] of [
      [ada, 'Ada'],
      [bora, 'Bora'],
    ] as const) {
      await page.fill(at('name'), name)
      await page.press(at('name'), 'Enter')
    }
    const rooms = await Promise.all([playing(ada), playing(bora)])
    roomId = rooms[0] ?? ''
    expect(rooms[1]).toBe(roomId)
    await watchers((page) => page.waitForSelector(at('live-match'), { timeout: 30_000 }))
    expect(await wide.textContent(at('live-match'))).toMatch(/Ada[\s\S]*Bora|Bora[\s\S]*Ada/)
    expect(await watchers(faults)).toEqual([[], []])
    await picture(wide, 'live-1440-light')
    await picture(small, 'live-390-dark-tr')
  })

  test('B18 the whole field is shown, to as many as watch, and players are never among the watchers', async () => {
    await watchers((page) => page.click(at(`watch-${roomId}`)))
    await watchers(shown)
    expect((await others(wide)).length).toBeGreaterThanOrEqual(3)
    expect(await attribute(wide, 'seat')).toBe('')
    await wide.waitForSelector(`${at('watching')}:has-text("2 watching")`, { timeout: 20_000 })
    await wide.waitForSelector(`${at('hud-time')}:has-text(":")`, { timeout: 20_000 })
    expect(await watchers(faults)).toEqual([[], []])
    await picture(wide, 'watch-1440')
    await picture(small, 'watch-390-tr')
  })

  test('B18 what a player does is seen', async () => {
    const before = await own(ada)
    const key = before.x > 800 ? 'KeyA' : 'KeyD'
    await ada.keyboard.down(key)
    const seen = async (): Promise<number> =>
      Math.abs(((await others(wide)).find(({ seat }) => seat === before.seat)?.x ?? before.x) - before.x)
    await expect.poll(seen, { timeout: 10_000 }).toBeGreaterThan(80)
    await ada.keyboard.up(key)
  })

  test('A13 a press on a name, or a digit, follows that player; Escape shows the whole field again', async () => {
    const { seat } = await own(ada)
    await small.tap(at(`follow-${seat}`))
    await expect.poll(() => attribute(small, 'followed')).toBe(String(seat))
    await picture(small, 'watch-follow-390-tr')
    await small.tap(at('whole'))
    await expect.poll(() => attribute(small, 'followed')).toBe('')
    await wide.keyboard.press('1')
    await wide.waitForSelector(`${at('hud-score')} [aria-pressed=true]`)
    await wide.keyboard.press('Escape')
    await wide.waitForSelector(`${at('hud-score')} [aria-pressed=true]`, { state: 'detached' })
  })

  test('A13 the connection tells how good it is, and what that is made of', async () => {
    await wide.click(at('hud-ping'))
    await wide.waitForSelector(`${at('hud-link')} dd`)
    expect(await wide.textContent(at('hud-link'))).toMatch(
      /Round trip\s*\d+ ms[\s\S]*Snapshots\s*\d+ a second[\s\S]*Server tick\s*\d+/,
    )
    expect(await wide.getAttribute(`${at('hud-ping')} svg`, 'data-quality')).toMatch(/good|fair|poor/)
    expect(await faults(wide)).toEqual([])
    await picture(wide, 'watch-link-1440')
  })

  test('B18 who has a seat cannot watch the match, and is led back to it', async () => {
    await bora.goto(`${stand.place.url}/app/watch/${roomId}`)
    expect(await playing(bora, 30_000)).toBe(roomId)
    await expect.poll(() => new URL(bora.url()).pathname).toBe('/app/')
  })

  test('B18 a match that is over, or never was, says so and leads on', async () => {
    const lost = await stand.open(small.context(), '/app/watch/123456789')
    await lost.click(at('come-in'))
    await lost.waitForSelector(at('to-live'), { timeout: 20_000 })
    expect(await lost.textContent('h1')).toBe('Bu maç bitti.')
    expect(await faults(lost)).toEqual([])
    await picture(lost, 'watch-gone-390-tr')
    await lost.close()
  })

  test('A9 the end of the match is shown to whoever watches, with a way to the next', async () => {
    await watchers((page) => page.waitForSelector(at('result'), { timeout: 2 * MATCH_MS }))
    expect(await wide.textContent('h1')).toMatch(/won\.|over\./)
    expect(await watchers(faults)).toEqual([[], []])
    await picture(wide, 'watch-end-1440-light')
    await picture(small, 'watch-end-390-dark-tr')
    await ada.waitForSelector(`${at('rating')}:has-text("Rating")`)
    await picture(ada, 'end-1440-light')
    await wide.click(at('to-live'))
    await wide.waitForSelector('h1:has-text("Live matches")')
  })

  test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
    expect(stand.problems).toEqual([])
  })
})
