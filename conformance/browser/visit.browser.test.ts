import type { WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, openStand, own, picture, playing, type Stand } from './pages.ts'

let stand: Stand

beforeAll(async () => {
  stand = await openStand({ MEYDAN_MATCH_MS: '60000', MEYDAN_BOT_WAIT_MS: '500' })
})
afterAll(() => stand?.close())

describe('a visit', () => {
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

  test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
    expect(stand.problems).toEqual([])
  })
})
