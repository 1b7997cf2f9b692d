import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { at, others, own, playing } from './pages.ts'

/** As long as a match of the arena may be. */
export const MATCH_MS = 180_000
/** What has to be left of a match for what is done in it. */
const LEFT_MS_MIN = 100_000
const FOUND_MS_MAX = 60_000

/** Two players who are always in the middle of a match with each other. */
export interface Together {
  /** The room they play in: the one that they are in, or another one when that is soon over. */
  room(): Promise<string>
}

export function together(pages: readonly [Page, Page]): Together {
  let startedMs: number | undefined
  const start = async (): Promise<void> => {
    for (const page of pages) {
      if (startedMs !== undefined) await page.click(at('leave'), { clickCount: 2 })
      await page.click(at('play'))
    }
    const rooms = await Promise.all(pages.map((page) => playing(page, FOUND_MS_MAX)))
    expect(rooms[0]).toBe(rooms[1])
    await pages[0].waitForSelector(`${at('hud-time')}:has-text(":")`, { timeout: FOUND_MS_MAX })
    startedMs = performance.now()
  }
  return {
    async room() {
      if (startedMs === undefined || performance.now() - startedMs > MATCH_MS - LEFT_MS_MIN) await start()
      return playing(pages[0])
    },
  }
}

const KEYS = ['KeyD', 'KeyS', 'KeyA', 'KeyW'] as const
/** A wall may be in one way, or in two, and never in all four. */
const LOOKS_A_WAY = 6

/** One player runs about until another one sees it. Whoever has just fallen is back after 2 s. */
export async function seenMoving(mover: Page, watcher: Page, { px = 40, timeout = 30_000 } = {}): Promise<void> {
  const { seat } = await own(mover)
  const shown = async () => (await others(watcher)).find((each) => each.seat === seat)
  const from = await shown()
  let looks = 0
  let held: string | undefined
  const away = async (): Promise<number> => {
    const key = KEYS[Math.floor(looks++ / LOOKS_A_WAY) % KEYS.length]
    if (key !== undefined && key !== held) {
      if (held !== undefined) await mover.keyboard.up(held)
      await mover.keyboard.down(key)
      held = key
    }
    const now = await shown()
    return now && from ? Math.hypot(now.x - from.x, now.y - from.y) : 0
  }
  await expect.poll(away, { timeout, interval: 100 }).toBeGreaterThan(px)
  if (held !== undefined) await mover.keyboard.up(held)
}
