import type { Client } from '@meydan/sdk'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, openStand, picture, type Stand } from './pages.ts'
import { DESK, faults, forgive, go, inspect, PHONE, register, visit } from './visits.ts'

/** Taken before the page is looked at: more lines than a page of the statement holds, of one coin each. */
const DRAUGHTS = 25
/** Minor units a day: those, two of 100 coins, and half of a third. */
const PER_DAY = DRAUGHTS * 100 + 25_000
const WAIT = { timeout: 15_000, interval: 50 }

let stand: Stand
let client: Client
let ada: Page
let phone: Page

beforeAll(async () => {
  stand = await openStand({ MEYDAN_LIMIT_SCALE: '50', MEYDAN_FAUCET_PER_DAY: `coins:${PER_DAY}` })
  client = await register(stand, 'ada', 'Ada')
  ada = await visit(stand, 'ada', DESK, '/app/wallet')
  phone = await visit(stand, 'ada', PHONE, '/app/leaderboards')
}, 120_000)
afterAll(() => stand?.close())

const balance = (page: Page, where: string) => async () => Number(await page.getAttribute(at(where), 'data-balance'))

test('D1 who has no money yet is told so, and that it is play money', async () => {
  await ada.waitForSelector('text=Nothing has moved yet')
  await ada.waitForSelector(`${at('wallet-corner')}:has-text("play money")`)
  await inspect(ada, 'wallet-empty')
})

test('D1 what moves the balance elsewhere moves it on every open page, without being asked for', async () => {
  await phone.waitForSelector(at('corner-coins'))
  for (let draught = 0; draught < DRAUGHTS; draught++) {
    await client.call.wallet.faucet({ key: `draught-${draught}`, currency: 'coins', amount: 100 })
  }
  await expect.poll(balance(phone, 'corner-coins'), WAIT).toBe(DRAUGHTS * 100)
  await expect.poll(balance(ada, 'balance-coins'), WAIT).toBe(DRAUGHTS * 100)
  await expect.poll(() => ada.textContent(at('balance-coins')), WAIT).toBe('25.00')
})

test('D1 the statement is read page by page, newest first, each line in words and with the balance after it', async () => {
  await expect.poll(() => ada.locator(at('line')).count(), WAIT).toBe(20)
  expect(await ada.locator(at('line')).first().textContent()).toContain('From the faucet')
  expect(await ada.locator(at('line')).first().textContent()).toContain('25.00')
  await ada.click(at('more'))
  await expect.poll(() => ada.locator(at('line')).count(), WAIT).toBe(DRAUGHTS)
  expect(await ada.locator(at('more')).count()).toBe(0)
  await ada.click(at('choice-gems'))
  await ada.waitForSelector('text=Nothing has moved yet')
  expect(ada.url()).toContain('currency=gems')
  await ada.click(at('choice-coins'))
  await ada.waitForSelector(at('line'))
})

test('D1 the faucet gives once for a double press, and says when its day is over', async () => {
  await ada.click(at('take'))
  await expect.poll(balance(ada, 'balance-coins'), WAIT).toBe(DRAUGHTS * 100 + 10_000)
  await ada.waitForSelector(`${at('take')}[aria-disabled=false]`)
  await ada.dblclick(at('take'))
  await expect.poll(balance(ada, 'balance-coins'), WAIT).toBe(DRAUGHTS * 100 + 20_000)
  await ada.waitForSelector(`${at('take')}[aria-disabled=false]`)
  await ada.click(at('take'))
  await ada.waitForSelector(`${at('faucet-limit')}:has-text("still gives 50")`)
  await ada.click(`${at('take')}:has-text("Take 50 ")`)
  await expect.poll(balance(ada, 'balance-coins'), WAIT).toBe(PER_DAY)
  await ada.waitForSelector(`${at('take')}[aria-disabled=false]`)
  await ada.click(at('take'))
  await ada.waitForSelector(`${at('faucet-limit')}[data-by=day]:has-text("opens again")`)
  expect(await ada.locator(at('take')).count()).toBe(0)
  expect(await ada.locator(at('line')).count()).toBeGreaterThanOrEqual(20)
  await inspect(ada, 'wallet')
  forgive(stand, /status of 403/)
})

test('D1 a visitor whom nobody knows is led to sign in, and has no balance in the corner', async () => {
  const page = await stand.open(await stand.context(PHONE), '/app/wallet')
  await page.waitForSelector('text=Sign in to see this page')
  expect(await page.locator(at('wallet-corner')).count()).toBe(0)
  await page.context().close()
})

test('D1 the wallet speaks Turkish', async () => {
  const page = await visit(stand, 'ada', { ...PHONE, locale: 'tr-TR' })
  await go(stand, page, '/wallet', at('line'))
  expect(await page.textContent('h1')).toBe('Cüzdan')
  expect(await faults(page)).toEqual([])
  await picture(page, 'wallet-tr')
  await page.context().close()
})

test('D1 the whole visit kept to the content policy, and no page logged an error', () => {
  expect(stand.problems).toEqual([])
})
