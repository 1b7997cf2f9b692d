import { createHash, createHmac } from 'node:crypto'
import { multiplierAt, payoutOf } from '@meydan/games/crash'
import type { Client } from '@meydan/sdk'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { Ear, Player } from '../foreign/index.ts'
import { accessibilityFaults, at, openStand, picture, type Stand } from './pages.ts'
import { DESK, faults, forgive, go, inspect, PHONE, register, visit } from './visits.ts'

/** Long enough for a busy machine to bet in. */
const BETTING_MS = 4_000
/** The lobby that is always there. */
const FIRST = 1
/** A round that goes to 10,000 times the stake takes 154 s; one in ten takes more than 38 s. */
const ROUND_MS_MAX = 160_000
/** For a test that may have to see a round to its end. */
const LONG = { timeout: ROUND_MS_MAX + 30_000 }
/** A round may crash before anybody can cash out: so often is it tried. */
const TRIES = 6
/** Drawing may take half of a frame's 16.7 ms, in the middle of all frames: how many a software renderer on a busy machine shows says little. */
const DRAW_MS_MAX = 8

let stand: Stand
/** Ada by the SDK: what the server says, beside what her page shows. */
let word: Client
let ada: Page

beforeAll(async () => {
  stand = await openStand({
    MEYDAN_LIMIT_SCALE: '50',
    MEYDAN_CRASH_BETTING_MS: String(BETTING_MS),
    MEYDAN_CRASH_PAUSE_MS: '1500',
  })
  word = await register(stand, 'ada', 'Ada')
  await word.call.wallet.faucet({ key: 'first-coins', currency: 'coins', amount: 100_000 })
  ada = await visit(stand, 'ada', DESK, '/app/crash')
  await ada.waitForSelector(at('stage'))
}, 120_000)
afterAll(async () => {
  word?.close()
  await stand?.close()
})

const inPhase = (page: Page, phase: string): Promise<unknown> =>
  page.waitForSelector(`${at('stage')}[data-phase=${phase}]`, { timeout: ROUND_MS_MAX })
/** What stands on the page, in hundredths. */
const multiplierOf = async (page: Page): Promise<number> =>
  Math.round(Number.parseFloat((await page.textContent(at('multiplier'))) ?? '') * 100)
const newestBet = async () => (await word.call.crash.mine({ limit: 1 })).bets[0]

/** Takes a page to a lobby of its own: its first round takes bets at once, however long those elsewhere last. */
async function freshLobby(page: Page): Promise<number> {
  const { lobbyId } = await word.call.crash.open({})
  await go(stand, page, `/crash/${lobbyId}`, at('stage'))
  await inPhase(page, 'betting')
  return lobbyId
}

/** Plays in one fresh lobby after the other until a bet is won. */
async function untilWon(play: () => Promise<void>): Promise<void> {
  for (let tried = 0; tried < TRIES; tried++) {
    await freshLobby(ada)
    await play()
    const outcome = await ada.waitForSelector(at('outcome'), { timeout: ROUND_MS_MAX })
    if ((await outcome.getAttribute('data-state')) === 'won') return
  }
  throw new Error(`${TRIES} rounds crashed at once`)
}

/** Whether the bet can be cashed out; a round may be over as soon as it has begun. */
async function canCashOut(page: Page): Promise<boolean> {
  const either = await page.waitForSelector(`${at('action')}[data-does=cash-out], ${at('outcome')}`)
  return (await either.getAttribute('data-does')) === 'cash-out'
}

const rest = (page: Page): Promise<void> => page.evaluate(() => document.querySelector<HTMLElement>('main')?.focus())

describe('a round', () => {
  test(
    'D2 by keyboard alone: digits say how much, space bets, and space cashes out at what was on the screen',
    LONG,
    async () => {
      let shown = 0
      await untilWon(async () => {
        await rest(ada)
        await ada.keyboard.type('12.5')
        expect(await ada.inputValue(at('amount'))).toBe('12.5')
        await rest(ada)
        await ada.keyboard.press('Space')
        if (!(await canCashOut(ada))) return
        shown = await multiplierOf(ada)
        await ada.keyboard.press('Space')
      })
      const bet = await newestBet()
      expect(bet).toMatchObject({ amount: 1_250, state: 'won', payout: payoutOf(1_250, bet?.multiplier ?? 0) })
      // The press travels on from where the curve was when it was looked at, never from before it.
      expect(bet?.multiplier).toBeGreaterThanOrEqual(shown)
      await ada.waitForSelector(`${at('narrator')}:has-text("you get")`, { state: 'attached' })
      await picture(ada, 'crash-won')
      const { balances } = await word.call.wallet.balances({})
      const coins = String(balances.find(({ currency }) => currency === 'coins')?.balance)
      await ada.waitForSelector(`${at('corner-coins')}[data-balance="${coins}"]`)
    },
  )

  test('D2 an automatic cash-out pays its exact target', LONG, async () => {
    await untilWon(async () => {
      await ada.click(at('auto'))
      await ada.fill(at('auto-at'), '1,02')
      await ada.click(at('action'))
    })
    expect(await newestBet()).toMatchObject({ amount: 1_000, state: 'won', multiplier: 102, payout: 1_020 })
  })

  test('D2 is drawn evenly, never back, and never beyond where the server is', async () => {
    const context = await stand.context(DESK)
    await context.addInitScript(meterFrames)
    const page = await stand.open(context, '/app/crash')
    await page.click(at('come-in'))
    await freshLobby(page)
    await inPhase(page, 'rising')
    const seen = await page.evaluate(watchRising, [at('stage'), at('multiplier')] as const)
    let before = 100
    for (const { atMs, text } of seen.shown) {
      const shown = Math.round(Number.parseFloat(text) * 100)
      expect(shown).toBeGreaterThanOrEqual(before)
      // Its clock and the page's are one here, and tell whole milliseconds.
      expect(shown).toBeLessThanOrEqual(multiplierAt(atMs - seen.startedAtMs + 2))
      before = shown
    }
    console.info(`${seen.framesPerS.toFixed(0)} frames a second, each drawn in ${seen.drawMs.toFixed(1)} ms`)
    expect(seen.drawMs).toBeLessThan(DRAW_MS_MAX)
    await context.close()
  })

  test(
    'D2 who loads the page in the middle of it has the bet and the curve at once, and can cash out',
    LONG,
    async () => {
      await untilWon(async () => {
        await ada.click(at('action'))
        if (!(await canCashOut(ada))) return
        const shown = await multiplierOf(ada)
        await ada.reload()
        // Should it have crashed meanwhile, the bet is there as it ended.
        if (!(await canCashOut(ada))) return
        await expect.poll(() => multiplierOf(ada)).toBeGreaterThanOrEqual(shown)
        await ada.click(at('action'))
      })
    },
  )

  test('D2 a crash stands on the page as the server tells it, and leads the rounds before', LONG, async () => {
    await inPhase(ada, 'crashed')
    const [shown, roundId] = [await multiplierOf(ada), await ada.getAttribute(at('stage'), 'data-round')]
    await picture(ada, 'crash-crashed')
    expect(await accessibilityFaults(ada)).toEqual([])
    const lobbyId = Number(ada.url().split('/').at(-1))
    const { rounds } = await word.call.crash.rounds({ lobbyId })
    expect(rounds.find((each) => each.roundId === roundId)?.multiplier).toBe(shown)
    await ada.waitForSelector(`${at('past-round')}[href="/app/crash/rounds/${roundId}"]`)
  })
})

/** Runs in the page, before anything of its own: keeps how long the work of each frame takes, ms. */
function meterFrames(): void {
  const spent: number[] = []
  const real = window.requestAnimationFrame.bind(window)
  window.requestAnimationFrame = (work) =>
    real((frameMs) => {
      const beganMs = performance.now()
      work(frameMs)
      spent.push(performance.now() - beganMs)
    })
  Object.assign(window, { spent })
}

interface Seen {
  readonly startedAtMs: number
  readonly framesPerS: number
  /** The median. */
  readonly drawMs: number
  readonly shown: readonly { readonly atMs: number; readonly text: string }[]
}

/** Runs in the page: what stands on it, frame by frame, for as long as it rises, 2 s at most. */
function watchRising([stage, multiplier]: readonly [string, string]): Promise<Seen> {
  return new Promise((resolve) => {
    const shown: { atMs: number; text: string }[] = []
    const beganMs = performance.now()
    const look = (): void => {
      const { phase, started } = document.querySelector<HTMLElement>(stage)?.dataset ?? {}
      const ms = performance.now() - beganMs
      if (phase === 'rising') {
        shown.push({ atMs: Date.now(), text: document.querySelector(multiplier)?.textContent ?? '' })
        if (ms < 2_000) return void requestAnimationFrame(look)
      }
      const { spent = [] } = window as Window & { spent?: number[] }
      const drawMs = spent.toSorted((a, b) => a - b)[Math.floor(spent.length / 2)] ?? 0
      resolve({ startedAtMs: Number(started), framesPerS: (shown.length * 1_000) / ms, drawMs, shown })
    }
    look()
  })
}

/** What anybody computes who has the proof and the page that explains it, and nothing of ours. */
function resultOf({ hash, salt }: { hash: string; salt: string }): number {
  const digest = createHmac('sha256', salt).update(Buffer.from(hash, 'hex')).digest('hex')
  const r = Number.parseInt(digest.slice(0, 13), 16)
  return Math.max(100, Math.floor(99 / (1 - r / 2 ** 52)))
}

const Proof = z.object({
  hash: z.string(),
  before: z.string(),
  number: z.int(),
  multiplier: z.int(),
  chain: z.object({ salt: z.string(), commitment: z.string() }),
})

describe('beside a client of others', () => {
  test('D2 both play one round in one lobby, and a third party comes to the same result', LONG, async () => {
    const { url } = stand.place
    const foreign = await Player.make(url)
    const lobbyId = await foreign.openLobby()
    const ear = new Ear(await foreign.socketUrl(lobbyId))
    await ear.next('connected')
    ear.socket.emit('joinRoom', { lobby_id: lobbyId })
    await ear.next(`Joined room: ${lobbyId}`)
    await go(stand, ada, `/crash/${lobbyId}`, at('stage'))
    ear.socket.emit('place_bet', { token: foreign.token, lobby_id: lobbyId, amount: '5', coefficient: '1.01' })
    expect(await ear.next('bet_placed')).toMatchObject({ user_id: foreign.userId, amount: 5, coefficient: 1.01 })
    await inPhase(ada, 'betting')
    await ada.click(at('action'))
    await ada.waitForSelector(`${at('sums')}:has-text("2")`)
    await picture(ada, 'crash-beside-foreign')
    const { roundId = '' } = (await newestBet()) ?? {}
    await inPhase(ada, 'crashed')
    const result = await ear.next('bet_result')
    ear.socket.disconnect()

    const proof = Proof.parse(await (await fetch(`${url}/v1/crash/rounds/${roundId}/proof`)).json())
    expect(proof.before, 'the first of its chain').toBe(proof.chain.commitment)
    expect(createHash('sha256').update(Buffer.from(proof.hash, 'hex')).digest('hex')).toBe(proof.before)
    expect(resultOf({ hash: proof.hash, salt: proof.chain.salt })).toBe(proof.multiplier)
    expect(await multiplierOf(ada)).toBe(proof.multiplier)
    const isWon = proof.multiplier >= 101
    expect(result).toEqual({ user_id: foreign.userId, result: isWon ? 'win' : 'lose', payout: isWon ? 5.05 : 0 })
  })
})

describe('checking', () => {
  test('D2 a round is checked in the browser, and another hash gives another result', async () => {
    await ada.locator(at('past-round')).first().click()
    await ada.waitForSelector(`${at('verdict')}[data-right=true] >> nth=1`)
    expect(await ada.locator(`${at('verdict')}[data-right=false]`).count()).toBe(0)
    await inspect(ada, 'crash-round')
    const hash = await ada.inputValue(at('try-hash'))
    const told = await ada.getAttribute(at('computed'), 'data-multiplier')
    await ada.fill(at('try-hash'), hash.slice(1))
    await ada.waitForSelector(at('field-error'))
    await ada.fill(at('try-hash'), '66508662791cbe526d740394a62713d3879f00cd11ee5ef10f7b592c676371f4')
    await ada.fill(at('try-salt'), '0000000000000000004d6ec16dafe9d8370958664c1dc422f452892264c59526')
    await ada.waitForSelector(`${at('computed')}[data-multiplier="145685"]`)
    expect(await ada.locator(at('verdict')).count()).toBe(1)
    await ada.click(at('try-back'))
    await ada.waitForSelector(`${at('computed')}[data-multiplier="${told}"]`)
  })

  test('D2 why nobody can have changed a result is explained, also to who is not signed in', async () => {
    const page = await stand.open(await stand.context(DESK), '/app/crash/fairness')
    const { commitment } = await word.call.crash.chain({ lobbyId: FIRST })
    await page.waitForSelector(`text=${commitment}`)
    await inspect(page, 'crash-fairness')
    await page.context().close()
  })

  test('D2 a round that is not there is said to be none', async () => {
    await go(stand, ada, '/crash/rounds/1', 'text=There is no such round to check')
    expect(await faults(ada)).toEqual([])
    forgive(stand, /status of 404/)
  })
})

describe('limits', () => {
  test('D2 a stricter one counts at once, and the bet above it is refused in words', LONG, async () => {
    await go(stand, ada, '/crash/limits', at('staked'))
    await ada.fill(at('stake-per-day'), 'much')
    await ada.click(at('set-limits-send'))
    await ada.waitForSelector(at('field-error'))
    // What is staked already counts.
    await ada.fill(at('stake-per-day'), '0.01')
    await ada.click(at('set-limits-send'))
    await ada.waitForSelector(`${at('staked')}:has-text("of 0.01")`)
    await inspect(ada, 'crash-limits')
    await freshLobby(ada)
    await ada.click(at('action'))
    await ada.waitForSelector(`${at('bet-problem')}:has-text("limit that you have set")`, { timeout: ROUND_MS_MAX })
    await inspect(ada, 'crash-refused')
    forgive(stand, /status of 403/)
  })

  test('D2 a looser one is said to count after a day, and a break is asked for twice', async () => {
    await go(stand, ada, '/crash/limits', at('staked'))
    await ada.fill(at('stake-per-day'), '')
    await ada.click(at('set-limits-send'))
    await ada.waitForSelector(at('coming'))
    await ada.click(at('break'))
    await ada.click(at('break-sure'))
    await ada.waitForSelector(at('resting'))
    await ada.waitForSelector(at('coming'))
  })

  test('D2 the own bets are listed, each leading to its round', async () => {
    await go(stand, ada, '/crash/bets', at('own-bet'))
    const { bets } = await word.call.crash.mine({})
    expect(await ada.locator(at('own-bet')).count()).toBe(bets.length)
    await inspect(ada, 'crash-bets')
  })
})

describe('a phone', () => {
  const line: { isCut: boolean; open?: { close(options: { code: number }): Promise<void> } } = { isCut: false }
  let phone: Page

  test('D2 a visitor plays as a guest, is told that it is play money and where to get some', async () => {
    const context = await stand.context(PHONE)
    await context.routeWebSocket('**/v1/socket', (socket) => {
      if (line.isCut) return void socket.close({ code: 4999 })
      socket.connectToServer()
      line.open = socket
    })
    phone = await stand.open(context, '/app/crash')
    await phone.waitForSelector(`${at('play-money')}:has-text("Play money")`)
    await phone.tap(at('come-in'))
    await phone.waitForSelector(at('stage'))
    await phone.waitForSelector(`${at('bet-panel')} a[href="/app/wallet"]`)
    expect(await faults(phone)).toEqual([])
    await inspect(phone, 'crash-guest')
  })

  test('D2 a lost line is said on the picture, which catches up by itself when it is back', async () => {
    line.isCut = true
    await line.open?.close({ code: 4999 })
    await phone.waitForSelector(at('away'))
    await picture(phone, 'crash-away-390')
    line.isCut = false
    await phone.waitForSelector(at('away'), { state: 'detached', timeout: 30_000 })
    const isSame = async (): Promise<boolean> => {
      const { round } = await word.call.crash.lobby({ lobbyId: FIRST })
      return round?.roundId === (await phone.getAttribute(at('stage'), 'data-round'))
    }
    await expect.poll(isSame, { timeout: 30_000 }).toBe(true)
  })
})

test('A13 the whole visit kept to the content policy, and no page logged an error', () => {
  expect(stand.problems).toEqual([])
})
