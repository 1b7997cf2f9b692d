import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lossLimit, multiplierAt, payoutOf, Rising, reachedAtMs, type Stake } from './index.ts'

const LIMITS = { winMax: 1e12, lossMax: 1e12, multiplierMax: 1_000_000 }
const stake = (betId: string, amount: number, autoCashOut: number | null = null): Stake => ({
  betId,
  amount,
  autoCashOut,
})

test('C5 a bet that is cashed out is paid the multiplier of that moment', () => {
  const round = new Rising(500, [stake('a', 1_000)], LIMITS)
  round.advance(11_553)
  expect(round.cashOut('a')).toEqual({ betId: 'a', multiplier: 200, payout: 2_000 })
  expect(round.cashOut('a')).toBe('no-bet')
})

test('C5 at the very ms of the crash a bet is paid, and not after', () => {
  const crashMs = reachedAtMs(150)
  const inTime = new Rising(150, [stake('a', 100)], LIMITS)
  expect(inTime.advance(crashMs).crashed).toBe(false)
  expect(inTime.cashOut('a')).toMatchObject({ multiplier: 150 })
  const late = new Rising(150, [stake('a', 100)], LIMITS)
  expect(late.advance(crashMs + 1).crashed).toBe(true)
  expect(late.cashOut('a')).toBe('crashed')
})

test('C6 targets up to the crash point are paid exactly, nearest first; beyond it they are lost, however late the round is looked at', () => {
  const round = new Rising(
    150,
    [stake('d', 100, 151), stake('b', 100, 120), stake('c', 100, 150), stake('a', 100, 101)],
    LIMITS,
  )
  const { cashedOut, crashed } = round.advance(60_000)
  expect(cashedOut.map(({ betId, multiplier }) => [betId, multiplier])).toEqual([
    ['a', 101],
    ['b', 120],
    ['c', 150],
  ])
  expect([crashed, round.open]).toEqual([true, ['d']])
})

test('C6 what is due by itself comes before who asks at the same moment', () => {
  const round = new Rising(500, [stake('a', 100, 200)], LIMITS)
  expect(round.advance(reachedAtMs(200)).cashedOut).toHaveLength(1)
  expect(round.cashOut('a')).toBe('no-bet')
})

test('C8 a bet is cashed out where its win is the most that one may be', () => {
  const round = new Rising(1_000, [stake('a', 100)], { ...LIMITS, winMax: 250 })
  expect(round.advance(60_000).cashedOut).toEqual([{ betId: 'a', multiplier: 250, payout: 250 }])
})

test("C8 all are cashed out where the house would lose more than it may: Kelly's limit is the edge of the bankroll", () => {
  expect(lossLimit(1_000_000, 0.5)).toBe(5_000)
  const round = new Rising(10_000, [stake('a', 1_000), stake('b', 4_000)], { ...LIMITS, lossMax: 5_000 })
  const { cashedOut } = round.advance(60_000)
  expect(cashedOut.map(({ betId, multiplier }) => [betId, multiplier])).toEqual([
    ['a', 200],
    ['b', 200],
  ])
})

const bets = fc.uniqueArray(
  fc.record({
    betId: fc.uuid(),
    amount: fc.integer({ min: 1, max: 1_000_000 }),
    autoCashOut: fc.option(fc.integer({ min: 101, max: 2_000 })),
  }),
  { selector: ({ betId }) => betId, maxLength: 30 },
)
const moments = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 5_000 }), who: fc.nat({ max: 29 }) }), {
  maxLength: 40,
})

test('C5 C6 C8 whatever is asked whenever: nobody is paid twice, nobody above the crash point, and the house loses no more than it may', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 3_000 }),
      bets,
      moments,
      fc.integer({ min: 0, max: 3_000_000 }),
      (crashPoint, stakes, asks, lossMax) => {
        const round = new Rising(crashPoint, stakes, { ...LIMITS, lossMax })
        const paid = new Map<string, number>()
        const pay = ({ betId, multiplier, payout }: { betId: string; multiplier: number; payout: number }) => {
          expect(paid.has(betId)).toBe(false)
          expect(multiplier).toBeLessThanOrEqual(crashPoint)
          const { amount = 0, autoCashOut } = stakes.find((each) => each.betId === betId) ?? {}
          expect(payout).toBe(payoutOf(amount, multiplier))
          if (autoCashOut !== null && autoCashOut !== undefined) expect(multiplier).toBeLessThanOrEqual(autoCashOut)
          paid.set(betId, payout)
        }
        let ms = 0
        for (const { afterMs, who } of asks) {
          ms += afterMs
          round.advance(ms).cashedOut.forEach(pay)
          const result = round.cashOut(stakes[who]?.betId ?? '')
          if (typeof result === 'object') {
            expect(result.multiplier).toBe(Math.min(multiplierAt(ms), crashPoint))
            pay(result)
          }
        }
        round.advance(Math.max(ms, round.crashMs + 1)).cashedOut.forEach(pay)
        const staked = stakes.reduce((sum, { amount }) => sum + amount, 0)
        const out = [...paid.values()].reduce((sum, payout) => sum + payout, 0)
        expect(out - staked).toBeLessThanOrEqual(lossMax)
        for (const { betId, autoCashOut } of stakes) {
          const isDue = autoCashOut !== null && autoCashOut <= crashPoint
          if (isDue) expect(paid.has(betId)).toBe(true)
        }
        expect(new Set(round.open)).toEqual(
          new Set(stakes.map(({ betId }) => betId).filter((betId) => !paid.has(betId))),
        )
      },
    ),
  )
})

test('C6 who looks often and who looks once find the same', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 3_000 }),
      bets,
      fc.array(fc.nat({ max: 60_000 }), { maxLength: 50 }),
      (crashPoint, stakes, looks) => {
        const once = new Rising(crashPoint, stakes, { ...LIMITS, lossMax: 100_000 })
        const often = new Rising(crashPoint, stakes, { ...LIMITS, lossMax: 100_000 })
        const found = looks.toSorted((a, b) => a - b).flatMap((ms) => often.advance(ms).cashedOut)
        expect([...found, ...often.advance(60_000).cashedOut]).toEqual(once.advance(60_000).cashedOut)
      },
    ),
  )
})
