import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults, at, layoutFaults, openStand, picture, type Stand } from './pages.ts'

let stand: Stand
let ada: Page
let watcher: Page

beforeAll(async () => {
  stand = await openStand({ MEYDAN_BOT_WAIT_MS: '500' })
  ada = await stand.open(await stand.context({ viewport: { width: 390, height: 844 } }), '/app/?game=tictactoe')
  const desk = { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: 'tr-TR' } as const
  watcher = await stand.open(await stand.context(desk), '/app/watch')
})
afterAll(() => stand?.close())

const faults = async (page: Page): Promise<string[]> => [
  ...(await accessibilityFaults(page)),
  ...(await layoutFaults(page)),
]

const marks = (page: Page, seat?: string): Promise<number> =>
  page.locator(`${at('cells')} [data-owner${seat === undefined ? '' : `="${seat}"`}]`).count()

describe('a game without a page of its own', () => {
  test('A13 a mark lies on the cell that was pressed, and the opponent’s on another', async () => {
    await ada.click(at('play'))
    await ada.waitForSelector(at('cells'), { timeout: 30_000 })
    const roomId = await ada.getAttribute(at('any-game'), 'data-room')
    await ada.waitForTimeout(500)
    if ((await ada.textContent(at('any-game')))?.includes('Bot') && (await marks(ada)) === 0)
      await ada.click(at('cell-4'))
    await expect.poll(() => marks(ada), { timeout: 20_000 }).toBeGreaterThanOrEqual(1)
    const free = ada.locator(`${at('cells')} button:not([data-owner])`).first()
    const cell = await free.getAttribute('data-testid')
    await expect
      .poll(
        async () => {
          await ada.click(at(cell ?? ''))
          return ada.getAttribute(at(cell ?? ''), 'data-owner')
        },
        { timeout: 20_000, interval: 500 },
      )
      .toMatch(/^[01]$/)
    expect(await faults(ada)).toEqual([])
    await picture(ada, 'tictactoe-390')
    await watcher.click(at('come-in'))
    await watcher.click(at(`watch-${roomId}`), { timeout: 20_000 })
    await expect.poll(() => marks(watcher), { timeout: 20_000 }).toBeGreaterThanOrEqual(2)
    expect(await marks(watcher, '0')).toBeGreaterThan(0)
    expect(await watcher.textContent(at('watching'))).toBe('İzliyorsun')
    expect(await faults(watcher)).toEqual([])
    await picture(watcher, 'tictactoe-watch-1440-dark-tr')
  })

  test('B18 who watches can leave, and nothing that is pressed plays', async () => {
    const before = await marks(watcher)
    const free = watcher.locator(`${at('cells')} button:not([data-owner])`).first()
    if ((await free.count()) > 0) await free.click()
    await watcher.waitForTimeout(500)
    expect(await marks(watcher)).toBeLessThanOrEqual(before + 1)
    await watcher.click(at('leave'))
    await watcher.waitForSelector('h1:has-text("Canlı maçlar")')
  })

  test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
    expect(stand.problems).toEqual([])
  })
})
