import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { at, openStand, type Stand } from './pages.ts'
import { DESK, inspect, register, visit } from './visits.ts'

let stand: Stand
let ada: Page

beforeAll(async () => {
  stand = await openStand({ MEYDAN_LIMIT_SCALE: '50' })
  await register(stand, 'ada', 'Ada')
  ada = await visit(stand, 'ada', DESK)
}, 120_000)
afterAll(() => stand?.close())

test('a player finds the balance in the corner of the page, and the wallet behind it', async () => {
  await ada.waitForSelector(at('corner-coins'))
  await ada.click(at('wallet-corner'))
  await ada.waitForSelector(at('balance-coins'))
  await inspect(ada, 'wallet-empty')
})

test('the whole visit kept to the content policy, and no page logged an error', () => {
  expect(stand.problems).toEqual([])
})
