import { tictactoe } from '@meydan/games/tictactoe'
import type { Client } from '@meydan/sdk'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { at, openStand, picture, type Stand } from './pages.ts'
import { DESK, faults, forgive, go, inspect, PHONE, register, visit } from './visits.ts'

/** One more than a page of the history holds. */
const MATCHES = 21
const WAIT = { timeout: 15_000, interval: 50 }

let stand: Stand
let ada: Page
let keeper: Page
let bora: Client

beforeAll(async () => {
  stand = await openStand({ MEYDAN_LIMIT_SCALE: '50' })
  const one = await register(stand, 'ada', 'Ada')
  const other = await register(stand, 'bora', 'Bora Wolkenstein-Brandt Özdemir')
  await register(stand, 'keeper', 'Keeper')
  await stand.place.command('grant', 'keeper', 'admin')
  await Promise.all([one.connect(), other.connect()])
  for (let match = 0; match < MATCHES; match++) await playOnce(one, other)
  one.close()
  bora = other
  ada = await visit(stand, 'ada', DESK)
  keeper = await visit(stand, 'keeper', DESK)
}, 120_000)
afterAll(async () => {
  bora?.close()
  await stand?.close()
})

/** A match of two that ends when one gives up. */
async function playOnce(one: Client, other: Client): Promise<void> {
  const [room] = await Promise.all([one, other].map(playing))
  const ended = new Promise((resolve) => other.on('MATCH_RESULT', resolve))
  await room?.leave()
  await ended
}

/** Asks for a match, and takes the seat in it. */
async function playing(client: Client) {
  const found = new Promise<string>((resolve) => {
    const off = client.on('MATCH_FOUND', ({ roomId }) => {
      off()
      resolve(roomId)
    })
  })
  // The queue hears of the last match's end by an event.
  await vi.waitFor(async () => expect((await client.call.matchmaking.status({})).state).toBe('idle'), WAIT)
  await client.call.matchmaking.ask({ game: tictactoe.name })
  return client.joinRoom(await found, tictactoe)
}

describe('feedback', () => {
  test('A12 a player is told what is missing beside the field, and loses nothing typed while the server is away', async () => {
    await go(stand, ada, '/feedback', at('feedback-form'))
    await ada.click(at('send'))
    await ada.waitForSelector('textarea[aria-invalid=true]')
    expect(await ada.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA')
    await inspect(ada, 'feedback-missing')
    await ada.click(at('choice-idea'))
    await ada.fill(at('text'), 'A map of İstanbul, please 🏟️')
    await ada.click(at('star-5'))
    await ada.context().setOffline(true)
    await ada.route('**/v1/**', (route) => route.abort())
    await ada.click(at('send'))
    await ada.waitForSelector(at('problem'), { timeout: 30_000 })
    expect(await ada.inputValue(at('text'))).toContain('İstanbul')
    await ada.unroute('**/v1/**')
    await ada.context().setOffline(false)
    forgive(stand, /ERR_FAILED|ERR_INTERNET_DISCONNECTED/)
  })

  test('A12 she sends it with a double press, and finds it once below', async () => {
    await ada.dblclick(at('send'))
    await ada.waitForSelector(at('thanks'))
    await ada.waitForSelector(at('own-feedback'))
    expect(await ada.locator(at('own-feedback')).count()).toBe(1)
    expect(await ada.inputValue(at('text'))).toBe('')
    await inspect(ada, 'feedback')
  })

  test('A12 A13 /feedback leads there, and a visitor whom nobody knows can leave feedback, too', async () => {
    const page = await stand.open(await stand.context(PHONE), '/feedback')
    await page.fill(at('text'), 'It stutters on my phone')
    await page.tap(at('send'))
    await page.waitForSelector(at('own-feedback'))
    expect(new URL(page.url()).pathname).toBe('/app/feedback')
    await page.context().close()
  })

  test('A12 a player who opens the admins’ page is refused clearly, and has no link to it', async () => {
    expect(await ada.locator(at('to-admin')).count()).toBe(0)
    await go(stand, ada, '/feedback/admin', at('refused'))
    await inspect(ada, 'feedback-refused')
    forgive(stand, /status of 403/)
  })

  test('A12 an admin finds it by a word, reads it, answers it, and the player sees the answer at once', async () => {
    await go(stand, ada, '/feedback', at('own-feedback'))
    await go(stand, keeper, '/feedback', at('to-admin'))
    await keeper.click(at('to-admin'))
    await expect.poll(() => keeper.locator(at('entry')).count(), WAIT).toBe(2)
    await keeper.fill(at('search'), 'istanbul')
    await expect.poll(() => keeper.locator(at('entry')).count(), WAIT).toBe(1)
    await inspect(keeper, 'feedback-admin')
    await keeper.click(at('open'))
    await keeper.waitForSelector(`${at('review')}`)
    expect(await keeper.getAttribute(at('state'), 'data-state')).toBe('read')
    await keeper.click(`${at('review')} ${at('choice-planned')}`)
    await keeper.fill(at('review-answer'), 'A fine idea. It comes in spring.')
    await inspect(keeper, 'feedback-review')
    await keeper.click(at('save'))
    await keeper.waitForSelector(at('saved'))
    await ada.waitForSelector(`${at('answer')}:has-text("spring")`)
    expect(await ada.getAttribute(at('state'), 'data-state')).toBe('planned')
    await inspect(ada, 'feedback-answered')
  })

  test('A12 of two admins the second sees what the first decided, keeps what was typed, and may overrule it', async () => {
    const second = await visit(stand, 'keeper', DESK)
    await go(stand, keeper, '/feedback/admin?search=stutters', at('entry'))
    await go(stand, second, '/feedback/admin?search=stutters', at('entry'))
    await keeper.click(at('open'))
    await keeper.waitForSelector(at('review'))
    await second.reload()
    await second.click(at('open'))
    await keeper.click(`${at('review')} ${at('choice-done')}`)
    await keeper.click(at('save'))
    await keeper.waitForSelector(at('saved'))
    await second.click(`${at('review')} ${at('choice-declined')}`)
    await second.fill(at('review-answer'), 'We cannot see it.')
    await second.click(at('save'))
    await second.waitForSelector(`${at('problem')}:has-text("Done")`)
    expect(await second.inputValue(at('review-answer'))).toBe('We cannot see it.')
    await inspect(second, 'feedback-meanwhile')
    await second.click(at('save'))
    await second.waitForSelector(at('saved'))
    await second.context().close()
  })
})

describe('what was played', () => {
  test('A7 the history shows every match, newest first, and reads on at its end', async () => {
    await go(stand, ada, '/matches', at('match'))
    await inspect(ada, 'history')
    await ada.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    await expect.poll(() => ada.locator(at('match')).count(), WAIT).toBe(MATCHES)
    const changes = await ada.locator(at('change')).allTextContents()
    expect(changes).toHaveLength(MATCHES)
    expect(changes.every((change) => change.includes('-'))).toBe(true)
  })

  test('A7 a match has a page with everybody’s placing, and leads to who was there', async () => {
    await ada
      .locator(`${at('match')} a`)
      .first()
      .click()
    await ada.waitForSelector(at('placings'))
    expect(await ada.locator(at('placing')).count()).toBe(2)
    await inspect(ada, 'match-page')
    await ada.click(`${at('placings')} >> text=Bora`)
    await ada.waitForSelector(`${at('player-name')}:has-text("Bora")`)
    await ada.waitForSelector(`${at('presence')}:has-text("Online")`)
    await ada.waitForSelector(`${at('rating')}:has-text("${MATCHES} matches")`)
    await ada.waitForSelector(at('match'))
    await inspect(ada, 'player')
  })

  test('A13 a match and a player who are not there are said to be missing', async () => {
    await go(stand, ada, '/matches/1', 'text=no such match')
    await inspect(ada, 'match-missing')
    await go(stand, ada, '/players/1', 'text=no such player')
    await go(stand, ada, '/players/x', 'text=no such player')
    forgive(stand, /status of 40[04]/)
  })

  test('A9 the leaderboards show who leads, and where one stands oneself', async () => {
    await go(stand, ada, '/leaderboards?game=tictactoe', `${at('standings')} [aria-current=true]`)
    expect(await ada.locator(`${at('standings')} tbody tr`).count()).toBe(2)
    await inspect(ada, 'leaderboards')
    await ada.click(at('choice-all'))
    await ada.click(at('choice-around'))
    await ada.waitForSelector(`${at('standings')} [aria-current=true]`)
    await ada.click(at('choice-arena'))
    await ada.waitForSelector('text=not on this board')
    expect(ada.url()).toContain('view=around')
    await inspect(ada, 'leaderboards-empty')
  })

  test('A13 whoever comes when the other has left already sees how the match has ended', async () => {
    const left = Promise.withResolvers<void>()
    await ada.route(/any-game.*\.js/, async (route) => {
      await left.promise
      await route.continue()
    })
    await go(stand, ada, '/?game=tictactoe', at('play'))
    await ada.click(at('play'))
    await ada.waitForSelector(at('queue-seats'))
    await (await playing(bora)).leave()
    left.resolve()
    await ada.waitForSelector(`${at('played-with')}:has-text("Bora")`)
    await ada.waitForSelector(at('rating-after'))
    await ada.unroute(/any-game.*\.js/)
    forgive(stand, /status of 4(04|10)/)
  })

  test('A13 when a match is over, the page says whom one played with, and leads to them', async () => {
    await go(stand, ada, '/?game=tictactoe', at('play'))
    await ada.click(at('play'))
    await ada.waitForSelector(at('queue-seats'))
    const room = await playing(bora)
    await ada.waitForSelector(at('any-game'))
    await room.leave()
    await ada.waitForSelector(`${at('played-with')}:has-text("Bora")`)
    await inspect(ada, 'result-people')
    await ada.click(`${at('played-with')} a`)
    await ada.waitForSelector(`${at('player-name')}:has-text("Bora")`)
  })

  test('A13 every page speaks Turkish', async () => {
    const page = await visit(stand, 'keeper', { ...PHONE, locale: 'tr-TR' })
    const placesSeen = [
      ['/feedback', at('feedback-form'), 'feedback'],
      ['/feedback/admin', at('entry'), 'feedback-admin'],
      ['/matches', 'h2', 'history-empty'],
      ['/leaderboards?game=tictactoe', at('standings'), 'leaderboards'],
    ] as const
    for (const [path, seen, name] of placesSeen) {
      await go(stand, page, path, seen)
      expect(await page.getAttribute('html', 'lang')).toBe('tr')
      expect(await faults(page), name).toEqual([])
      await picture(page, `${name}-tr`)
    }
    await page.context().close()
  })

  test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
    // A socket that dialled while she was offline may be told of late.
    forgive(stand, /ERR_INTERNET_DISCONNECTED/)
    expect(stand.problems).toEqual([])
  })
})
