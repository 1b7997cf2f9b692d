import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import type { CDPSession, Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults, at, openStand, own, picture, playing, type Stand } from './pages.ts'

const VOICE = new URL('../../apps/web/src/match/voice.ts', import.meta.url)

let stand: Stand
/** A phone, and a desk whose owner has asked for less movement. */
let phone: Page
let calm: Page
let fingers: CDPSession
/** The phone's line to the server, and whether it is cut. */
const line: { open?: WebSocketRoute; isCut: boolean } = { isCut: false }

beforeAll(async () => {
  stand = await openStand({ MEYDAN_MATCH_MS: '90000', MEYDAN_BOT_WAIT_MS: '3000' })
  const small = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const
  const hand = await stand.context(small)
  await hand.routeWebSocket('**/v1/socket', (socket) => {
    if (line.isCut) return void socket.close({ code: 4999 })
    socket.connectToServer()
    line.open = socket
  })
  phone = await stand.open(hand)
  calm = await stand.open(await stand.context({ viewport: { width: 1024, height: 640 }, reducedMotion: 'reduce' }))
  fingers = await phone.context().newCDPSession(phone)
  await phone.tap(at('play'))
  await calm.click(at('play'))
  expect(await playing(phone, 40_000)).toBe(await playing(calm, 40_000))
  await phone.waitForSelector(`${at('hud-time')}:has-text(":")`, { timeout: 30_000 })
})
afterAll(() => stand?.close())

interface Finger {
  readonly id: number
  readonly x: number
  readonly y: number
}

const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: readonly Finger[]) =>
  fingers.send('Input.dispatchTouchEvent', { type, touchPoints: [...touchPoints] })

const told = async (page: Page, name: string): Promise<number> =>
  Number(await page.getAttribute(at('field'), `data-${name}`))

describe('touch', () => {
  test('A13 the left thumb moves, and stops when it is let go', async () => {
    const { x } = await own(phone)
    const way = x > 800 ? -50 : 50
    await touch('touchStart', [{ id: 1, x: 90, y: 700 }])
    await touch('touchMove', [{ id: 1, x: 90 + way, y: 700 }])
    await expect.poll(async () => Math.abs((await own(phone)).x - x), { timeout: 15_000 }).toBeGreaterThan(60)
    await touch('touchEnd', [])
    const stopped = async (): Promise<number> => {
      const before = (await own(phone)).x
      await phone.waitForTimeout(600)
      return Math.abs((await own(phone)).x - before)
    }
    await expect.poll(stopped, { timeout: 15_000 }).toBeLessThan(2)
  })

  test('A13 the right thumb aims and fires while the left one moves', async () => {
    await touch('touchStart', [
      { id: 1, x: 90, y: 700 },
      { id: 2, x: 300, y: 700 },
    ])
    await touch('touchMove', [
      { id: 1, x: 90, y: 660 },
      { id: 2, x: 300, y: 740 },
    ])
    // Down is a quarter of a turn, in 1,024 steps.
    await expect.poll(() => told(phone, 'aim'), { timeout: 15_000 }).toBe(256)
    await expect.poll(() => told(phone, 'shots'), { timeout: 15_000 }).toBeGreaterThan(0)
    await touch('touchEnd', [])
    await expect.poll(() => told(phone, 'shots'), { timeout: 15_000 }).toBe(0)
  })
})

describe('the wheel', () => {
  const pressed = async (digit: number) => calm.getAttribute(at(`weapon-${digit}`), 'aria-pressed')

  test('A13 changes the weapon, and changes it back', async () => {
    await calm.mouse.move(512, 400)
    expect([await pressed(1), await pressed(2)]).toEqual(['true', 'false'])
    await calm.mouse.wheel(0, 100)
    await expect.poll(() => pressed(2), { timeout: 10_000 }).toBe('true')
    await calm.waitForTimeout(400)
    await calm.mouse.wheel(0, -100)
    await expect.poll(() => pressed(1), { timeout: 10_000 }).toBe('true')
  })
})

describe('a hit', () => {
  const health = async (page: Page): Promise<number> =>
    Number((await page.textContent(at('hud-health')))?.match(/\d+/)?.[0])

  test('A13 is told by the health, and shakes the picture, but not before whoever asked for less movement', async () => {
    // Both stand still, which no bot lets pass.
    await expect.poll(() => health(phone), { timeout: 60_000 }).toBeLessThan(100)
    await expect.poll(() => told(phone, 'shakes'), { timeout: 10_000 }).toBeGreaterThan(0)
    await expect.poll(() => health(calm), { timeout: 60_000 }).toBeLessThan(100)
    expect(await calm.getAttribute(at('field'), 'data-shakes')).toBeNull()
    // What was set on the page counts as much as what the device asks for, also during a match.
    const before = await health(calm)
    await calm.emulateMedia({ reducedMotion: 'no-preference' })
    await calm.evaluate(() => {
      window.localStorage.setItem('meydan.preferences', '{"motion":"less"}')
      window.dispatchEvent(new StorageEvent('storage', { key: 'meydan.preferences' }))
    })
    await expect.poll(() => health(calm), { timeout: 60_000 }).not.toBe(before)
    expect(await calm.getAttribute(at('field'), 'data-shakes')).toBeNull()
  })
})

describe('a line that is lost', () => {
  test('A8 is told on the match itself, which goes on when it is back', async () => {
    line.isCut = true
    await line.open?.close({ code: 4999 })
    await phone.waitForSelector(`${at('banner')}:has-text("Reconnecting")`, { timeout: 10_000 })
    expect(await accessibilityFaults(phone)).toEqual([])
    await picture(phone, 'match-away-390')
    line.isCut = false
    await phone.waitForSelector(at('line-back'), { timeout: 20_000 })
    await picture(phone, 'match-back-390')
    await phone.waitForSelector(at('line-back'), { state: 'detached', timeout: 10_000 })
    const from = await own(phone)
    await touch('touchStart', [{ id: 1, x: 90, y: 700 }])
    let steps = 0
    const away = async (): Promise<number> => {
      // A wall may be in one way, or in two, and never in all four.
      const angle = (Math.floor(steps++ / 15) * Math.PI) / 2
      await touch('touchMove', [{ id: 1, x: 90 + 50 * Math.cos(angle), y: 700 + 50 * Math.sin(angle) }])
      const { x, y } = await own(phone)
      return Math.hypot(x - from.x, y - from.y)
    }
    await expect.poll(away, { timeout: 30_000 }).toBeGreaterThan(40)
    await touch('touchEnd', [])
  })
})

describe('sounds', () => {
  interface Heard {
    readonly name: string
    readonly peak: number
    readonly rms: number
    readonly lengthMs: number
  }

  /** Renders each sound as a browser would play it, and measures what comes out. */
  async function heard(): Promise<Heard[]> {
    const page = await (await stand.context()).newPage()
    const code = stripTypeScriptTypes(await readFile(VOICE, 'utf8'))
    await page.addScriptTag({ type: 'module', content: `${code}\nwindow.voices = { voice, noiseBuffer, SOUND_NAMES }` })
    await page.waitForFunction('window.voices')
    return page.evaluate(async () => {
      type Voices = Pick<typeof import('../../apps/web/src/match/voice.ts'), 'voice' | 'noiseBuffer' | 'SOUND_NAMES'>
      const { voices } = window as Window & { voices?: Voices }
      if (!voices) throw new Error('no voices')
      const rate = 44_100
      const measured: Heard[] = []
      for (const name of voices.SOUND_NAMES) {
        const context = new OfflineAudioContext(2, rate, rate)
        voices.voice(context, voices.noiseBuffer(context), name, 1, 0)
        const [left, right] = await context
          .startRendering()
          .then((sound) => [0, 1].map((side) => sound.getChannelData(side)))
        const loud =
          left?.map((value, index) => Math.max(Math.abs(value), Math.abs(right?.[index] ?? 0))) ?? new Float32Array()
        const end = loud.findLastIndex((value) => value > 0.001) + 1
        const power = loud.subarray(0, end).reduce((sum, value) => sum + value * value, 0)
        measured.push({
          name,
          peak: Math.max(...loud),
          rms: Math.sqrt(power / Math.max(1, end)),
          lengthMs: (end / rate) * 1_000,
        })
      }
      return measured
    })
  }

  test('A13 each can be heard, none is clipped, and none lasts longer than half a second', async () => {
    const all = await heard()
    expect(all.map(({ name }) => name).sort()).toEqual(
      ['back', 'began', 'bolt', 'fall', 'hurt', 'kill', 'scatter', 'struck', 'taken'].sort(),
    )
    for (const sound of all) {
      expect(sound.peak, `${sound.name}: peak`).toBeLessThan(1)
      expect(sound.peak, `${sound.name}: peak`).toBeGreaterThan(0.1)
      // −36 dB of full scale on average, below which a quiet room's noise is.
      expect(sound.rms, `${sound.name}: loudness`).toBeGreaterThan(0.016)
      expect(sound.lengthMs, `${sound.name}: length`).toBeGreaterThan(20)
      expect(sound.lengthMs, `${sound.name}: length`).toBeLessThanOrEqual(510)
    }
  })
})

test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
  expect(stand.problems).toEqual([])
})
