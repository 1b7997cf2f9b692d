import type { CDPSession, Page } from 'playwright-core'
import { others, own } from './pages.ts'

/** Where thumbs rest, from the lower corners of the field, in CSS px. */
const REST_PX = { side: 84, bottom: 92 } as const
const REACH_PX = 50
const CHANGE_EVERY_MS = 700
const LOOK_EVERY_MS = 120
/** Nearer than this to the edge of the field one turns back. */
const EDGE_PX = 150
const FIELD = { width: 1_600, height: 900 } as const

/** Two thumbs on a phone: the left one runs about, the right one aims at whoever is nearest, and fires. */
export class Thumbs {
  readonly #page: Page
  readonly #cdp: CDPSession
  #playing: Promise<void> | undefined
  #isOver = false

  private constructor(page: Page, cdp: CDPSession) {
    this.#page = page
    this.#cdp = cdp
  }

  static async on(page: Page): Promise<Thumbs> {
    return new Thumbs(page, await page.context().newCDPSession(page))
  }

  start(): void {
    this.#isOver = false
    this.#playing = this.#play()
  }

  async stop(): Promise<void> {
    this.#isOver = true
    await this.#playing
  }

  async #play(): Promise<void> {
    const { width, height } = this.#page.viewportSize() ?? { width: 390, height: 844 }
    const left = { x: REST_PX.side, y: height - REST_PX.bottom }
    const right = { x: width - REST_PX.side, y: height - REST_PX.bottom }
    await this.#touch('touchStart', [left, right])
    let heading = Math.random() * 2 * Math.PI
    let changedMs = performance.now()
    while (!this.#isOver) {
      const [me, them] = await Promise.all([own(this.#page), others(this.#page)])
      if (performance.now() - changedMs > CHANGE_EVERY_MS) {
        heading = headingFrom(me)
        changedMs = performance.now()
      }
      const aim = aimFrom(me, them)
      await this.#touch('touchMove', [reached(left, heading), reached(right, aim)])
      await this.#page.waitForTimeout(LOOK_EVERY_MS)
    }
    await this.#touch('touchEnd', [])
  }

  async #touch(type: 'touchStart' | 'touchMove' | 'touchEnd', points: readonly Point[]): Promise<void> {
    const touchPoints = points.map((point, id) => ({ ...point, id }))
    await this.#cdp.send('Input.dispatchTouchEvent', { type, touchPoints })
  }
}

interface Point {
  readonly x: number
  readonly y: number
}

function reached({ x, y }: Point, angle: number): Point {
  return { x: x + Math.cos(angle) * REACH_PX, y: y + Math.sin(angle) * REACH_PX }
}

function headingFrom({ x, y }: Point): number {
  const isNearEdge = x < EDGE_PX || y < EDGE_PX || x > FIELD.width - EDGE_PX || y > FIELD.height - EDGE_PX
  return isNearEdge ? Math.atan2(FIELD.height / 2 - y, FIELD.width / 2 - x) : Math.random() * 2 * Math.PI
}

function aimFrom(me: Point, them: readonly Point[]): number {
  const away = (one: Point): number => Math.hypot(one.x - me.x, one.y - me.y)
  const [nearest] = them.toSorted((one, other) => away(one) - away(other))
  return nearest ? Math.atan2(nearest.y - me.y, nearest.x - me.x) : 0
}
