import type { Reward } from '@meydan/contracts/rewards'
import { tictactoe } from '@meydan/games/tictactoe'
import type { Client } from '@meydan/sdk'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, openStand, picture, type Stand } from './pages.ts'
import { DESK, faults, forgive, go, inspect, PHONE, register, visit } from './visits.ts'

const WAIT = { timeout: 15_000, interval: 50 }

let stand: Stand
let keeper: Client
let bora: Client
let adaId: string
let ada: Page
let phone: Page

beforeAll(async () => {
  stand = await openStand({ MEYDAN_LIMIT_SCALE: '50', MEYDAN_BOT_WAIT_MS: '60000' })
  const one = await register(stand, 'ada', 'Ada')
  adaId = one.player?.playerId ?? ''
  bora = await register(stand, 'bora', 'Bora')
  keeper = await register(stand, 'keeper', 'Keeper')
  await stand.place.command('grant', 'keeper', 'admin')
  await keeper.restore(true)
  ada = await visit(stand, 'ada', DESK, '/app/inbox')
  phone = await visit(stand, 'ada', PHONE, '/app/leaderboards')
}, 120_000)
afterAll(async () => {
  bora?.close()
  await stand?.close()
})

let sent = 0
/** A message into Ada's inbox. */
async function send(title: string, rewards: Reward[]): Promise<void> {
  sent += 1
  const text = 'Thank you for being here since the first day.\nHave fun!'
  await keeper.call.rewards.send({ key: `campaign-${sent}`, to: { playerIds: [adaId] }, title, text, rewards })
}

/** Gives Ada something at once. */
async function give(reward: Reward, key: string): Promise<void> {
  await keeper.call.rewards.give({ playerId: adaId, ...reward, reason: 'gift', key })
}

/** Before the page could show what the first press did; whoever was overtaken finds no button. */
async function pressTwice(page: Page): Promise<void> {
  await page.evaluate((claim) => {
    const button = document.querySelector<HTMLElement>(claim)
    button?.click()
    button?.click()
  }, at('claim'))
}

const coins = (page: Page) => async () => Number(await page.getAttribute(at('corner-coins'), 'data-balance'))

describe('the inbox', () => {
  test('B7 is empty at first, and says what will come', async () => {
    await ada.waitForSelector('text=Your inbox is empty')
    await inspect(ada, 'inbox-empty')
  })

  test('B7 a message arrives by itself: counted on every page, shown in the inbox, and read when it is seen', async () => {
    await phone.waitForSelector(at('inbox-corner'))
    await go(stand, ada, '/leaderboards', at('inbox-corner'))
    await send('Welcome, and a gift for the first hundred', [
      { type: 'coins', amount: 500 },
      { type: 'gems', amount: 3 },
      { type: 'chest', amount: 1 },
    ])
    await phone.waitForSelector(`${at('unread')}:has-text("1")`)
    await ada.waitForSelector(`${at('unread')}:has-text("1")`)
    await ada.click(at('inbox-corner'))
    await ada.waitForSelector(`${at('message')}:has-text("New")`)
    await phone.waitForSelector(at('unread'), { state: 'detached' })
    await ada.waitForSelector(at('reward'))
    expect(await ada.locator(at('reward')).allTextContents()).toEqual(['5 coins', '3 gems', '1 chest'])
    await inspect(ada, 'inbox')
  })

  test('B7 a double press on two devices at once claims once, and the balance moves on both', async () => {
    await go(stand, phone, '/inbox', at('claim'))
    await Promise.all([pressTwice(ada), pressTwice(phone)])
    await ada.waitForSelector(at('claimed'))
    await phone.waitForSelector(at('claimed'))
    await ada.waitForSelector(`${at('toast')}:has-text("You got")`)
    await expect.poll(coins(ada), WAIT).toBe(500)
    await expect.poll(coins(phone), WAIT).toBe(500)
    await inspect(ada, 'inbox-claimed')
  })

  test('B7 all that waits is claimed with one press, and a message without rewards asks for nothing', async () => {
    await send('One', [{ type: 'coins', amount: 100 }])
    await send('Two', [{ type: 'coins', amount: 200 }])
    await send('Just news', [])
    await expect.poll(() => ada.locator(at('message')).count(), WAIT).toBe(4)
    expect(await ada.locator(at('claim')).count()).toBe(2)
    await ada.click(at('claim-all'))
    await expect.poll(() => ada.locator(at('claimed')).count(), WAIT).toBe(3)
    await ada.waitForSelector('text=Nothing left to claim')
    await expect.poll(coins(phone), WAIT).toBe(800)
  })

  test('B7 what could not be claimed is not shown as claimed, and can be claimed when the server is back', async () => {
    await send('Three', [{ type: 'chest', amount: 1 }])
    await ada.waitForSelector(at('claim'))
    await ada.context().setOffline(true)
    await ada.route('**/v1/**', (route) => route.abort())
    // Until the socket is known to be cut, the claim might still reach the server and only its answer be lost: then it is claimed.
    await ada.waitForSelector(at('banner'))
    await ada.click(at('claim'))
    await ada.waitForSelector(`${at('message')} ${at('problem')}`)
    await ada.unroute('**/v1/**')
    await ada.context().setOffline(false)
    await ada.click(at('claim'))
    await ada.waitForSelector(at('claim'), { state: 'detached' })
    await expect.poll(() => ada.locator(at('claimed')).count(), WAIT).toBe(4)
    forgive(stand, /ERR_FAILED|ERR_INTERNET_DISCONNECTED/)
  })
})

describe('what is earned', () => {
  test('B7 the reward of the day is claimed once, whatever is pressed, and the row shows the day', async () => {
    await go(stand, ada, '/rewards', at('claim-daily'))
    await inspect(ada, 'rewards')
    await ada.dblclick(at('claim-daily'))
    await ada.waitForSelector(at('claimed-today'))
    await ada.waitForSelector(`${at('streak')}[data-days="1"]`)
    expect(await ada.locator(`${at('streak')} [data-state=claimed]`).count()).toBe(1)
    await expect.poll(coins(ada), WAIT).toBe(1_800)
  })

  test('B7 experience moves the level, and a booster shows the time it has left', async () => {
    await give({ type: 'double-xp', amount: 30 }, 'booster')
    await ada.waitForSelector(`${at('booster')}:has-text("×2")`)
    await give({ type: 'xp', amount: 75 }, 'experience')
    await ada.waitForSelector(`${at('level')}[data-level="2"]`)
    await ada.waitForSelector(`${at('toast')}:has-text("Level 2")`)
    await ada.waitForSelector(`${at('item')}:has-text("× 2")`)
    await inspect(ada, 'rewards-more')
  })

  test('B7 when a match is over the page shows what it brought', async () => {
    // A match is played in one window of a player's.
    await phone.goto('about:blank')
    await go(stand, ada, '/?game=tictactoe', at('play'))
    await ada.click(at('play'))
    await ada.waitForSelector(at('queue-seats'))
    const room = await playing(bora)
    await ada.waitForSelector(at('any-game'))
    await room.leave()
    await ada.waitForSelector(`${at('earned')} >> text=5 coins`)
    await inspect(ada, 'result-earned')
  })
})

/** Asks for a match, and takes the seat in it. */
async function playing(client: Client) {
  await client.connect()
  const found = new Promise<string>((resolve) => client.on('MATCH_FOUND', ({ roomId }) => resolve(roomId)))
  await client.call.matchmaking.ask({ game: tictactoe.name })
  return client.joinRoom(await found, tictactoe)
}

describe('campaigns', () => {
  test('B7 who is no admin is refused clearly, and has no link there', async () => {
    await go(stand, phone, '/inbox', at('message'))
    expect(await phone.locator(at('to-campaigns')).count()).toBe(0)
    await go(stand, phone, '/campaigns', at('refused'))
    await inspect(phone, 'campaigns-refused')
    forgive(stand, /status of 403/)
  })

  test('B7 an admin is told beside the fields what is wrong, looks it over, sends it, and sees it arrive', async () => {
    const admin = await visit(stand, 'keeper', DESK, '/app/inbox')
    await admin.click(at('to-campaigns'))
    await admin.waitForSelector(at('campaign-form'))
    await admin.click(at('add-reward'))
    await admin.fill(at('reward-amount'), '1.005')
    await admin.click(at('choice-segment'))
    await admin.click(at('campaign-form-send'))
    await expect.poll(() => admin.locator(at('field-error')).count(), WAIT).toBe(3)
    await inspect(admin, 'campaigns-wrong')
    await admin.fill(at('campaign-title'), 'A gift for everybody')
    await admin.fill(at('campaign-text'), 'Because it is spring.')
    await admin.fill(at('reward-amount'), '1.50')
    await admin.click(at('choice-everybody'))
    await admin.click(at('campaign-form-send'))
    await admin.waitForSelector(at('send-surely'))
    await inspect(admin, 'campaigns-confirm')
    await admin.dblclick(at('send-surely'))
    await admin.waitForSelector(`${at('campaign')} ${at('campaign-state')}[data-state=sent]`)
    await admin.waitForSelector(`${at('progress')}:has-text("3 of 3")`)
    const mine = admin.locator(`${at('campaign')}:has-text("A gift for everybody")`)
    expect(await mine.count()).toBe(1)
    await inspect(admin, 'campaigns')
    await go(stand, ada, '/inbox', `${at('message')}:has-text("spring")`)
    await ada.waitForSelector('text=1.50 coins')
    await admin.context().close()
  })
})

test('A13 every page speaks Turkish', async () => {
  const page = await visit(stand, 'keeper', { ...PHONE, locale: 'tr-TR' })
  for (const [path, seen] of [
    ['/inbox', at('message')],
    ['/rewards', at('claim-daily')],
    ['/campaigns', at('campaign')],
  ] as const) {
    await go(stand, page, path, seen)
    expect(await page.getAttribute('html', 'lang')).toBe('tr')
    expect(await faults(page), path).toEqual([])
    await picture(page, `${path.slice(1)}-tr`)
  }
  await page.context().close()
})

test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
  // A socket that dialled while she was offline may be told of late.
  forgive(stand, /ERR_INTERNET_DISCONNECTED/)
  expect(stand.problems).toEqual([])
})
