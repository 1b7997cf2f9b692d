import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { others, own } from './pages.ts'

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
