import type { Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, openStand, own, picture, playing, type Stand } from './pages.ts'

let stand: Stand

beforeAll(async () => {
  stand = await openStand({ MEYDAN_MATCH_MS: '60000', MEYDAN_BOT_WAIT_MS: '500' })
})
afterAll(() => stand?.close())

/** The room and the seat of a tab. A tab in the background draws nothing. */
async function seatIn(page: Page): Promise<{ room: string; seat: number }> {
  await page.bringToFront()
  return { room: await playing(page), seat: (await own(page)).seat }
}

describe('a visit', () => {
  test('A4 two tabs of one browser are two players, and each stays itself when loaded again', async () => {
    const context = await stand.context()
    const [one, two] = [await stand.open(context), await stand.open(context)]
    await one.click(at('play'))
    await two.click(at('play'))
    const before = [await seatIn(one), await seatIn(two)]
    expect(before[0]?.room).toBe(before[1]?.room)
    expect(before[0]?.seat).not.toBe(before[1]?.seat)
    await Promise.all([one.reload(), two.reload()])
    expect([await seatIn(one), await seatIn(two)]).toEqual(before)
    await context.close()
  })

  test('A8 a dropped connection shows, and play goes on in the same seat', async () => {
    const context = await stand.context()
    const sockets: WebSocketRoute[] = []
    let isDown = false
    await context.routeWebSocket('**/v1/socket', (route) => {
      if (isDown) {
        route.close({ code: 1001 })
        return
      }
      route.connectToServer()
      sockets.push(route)
    })
    const page = await stand.open(context)
    await page.click(at('play'))
    const room = await playing(page)
    await page.waitForSelector(`${at('hud-time')}:has-text(":")`)
    isDown = true
    for (const socket of sockets) await socket.close({ code: 1001 })
    await page.waitForSelector(at('banner'))
    await picture(page, 'banner')
    isDown = false
    await page.waitForSelector(at('banner'), { state: 'detached', timeout: 20_000 })
    const before = await own(page)
    await page.keyboard.down(before.x > 800 ? 'ArrowLeft' : 'ArrowRight')
    await expect.poll(async () => Math.abs((await own(page)).x - before.x), { timeout: 10_000 }).toBeGreaterThan(60)
    expect(await playing(page)).toBe(room)
    await context.close()
  })

  test('A4 who leaves is asked twice, and is free to ask again', async () => {
    const context = await stand.context()
    const page = await stand.open(context)
    await page.click(at('play'))
    const room = await playing(page)
    await page.click(at('leave'))
    await page.click(at('leave'))
    await page.click(at('play'))
    expect(await playing(page)).not.toBe(room)
    await context.close()
  })

  test('A13 a game that is not there is said to be missing', async () => {
    const context = await stand.context()
    const page = await stand.open(context, '/app/?game=nosuchgame')
    await page.waitForSelector('text=no game called')
    await context.close()
  })

  test('nothing went wrong in the pages', () => {
    expect(stand.problems).toEqual([])
  })
})
