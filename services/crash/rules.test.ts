import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changed, checkLimits, inForce, type Own, shownLimits } from './rules.ts'

const DAY_MS = 86_400_000
const NOON = Date.UTC(2026, 10, 18, 12)
const FREE: Own = { stakePerDay: null, lossPerDay: null, coolOffUntilMs: null, next: null }
const NOTHING = { staked: 0, returned: 0 }

const bets =
  (own: Own, today = NOTHING, amount = 100, nowMs = NOON) =>
  () =>
    checkLimits(own, today, amount, nowMs)

test('C13 a bet up to the limit of the day is taken, one beyond it is not', () => {
  const own = { ...FREE, stakePerDay: 1_000 }
  expect(bets(own, { staked: 900, returned: 5_000 })).not.toThrow()
  expect(bets(own, { staked: 901, returned: 5_000 })).toThrow(expect.objectContaining({ code: 'OWN_LIMIT' }))
})

test('C13 what was won back on the day counts against the loss, and an open bet counts as lost', () => {
  const own = { ...FREE, lossPerDay: 1_000 }
  expect(bets(own, { staked: 5_000, returned: 4_100 })).not.toThrow()
  expect(bets(own, { staked: 5_000, returned: 4_099 })).toThrow(expect.objectContaining({ code: 'OWN_LIMIT' }))
})

test('C13 stricter limits count at once, looser ones after a day', () => {
  const strict = changed(FREE, { stakePerDay: 100, lossPerDay: 50 }, undefined, NOON)
  expect(strict).toMatchObject({ stakePerDay: 100, lossPerDay: 50, next: null })
  const mixed = changed(strict, { stakePerDay: 500, lossPerDay: 20 }, undefined, NOON)
  expect(mixed).toMatchObject({ stakePerDay: 100, lossPerDay: 20 })
  expect(inForce(mixed, NOON + DAY_MS - 1)).toMatchObject({ stakePerDay: 100, lossPerDay: 20 })
  expect(inForce(mixed, NOON + DAY_MS)).toMatchObject({ stakePerDay: 500, lossPerDay: 20, next: null })
})

test('C13 a break is never made shorter, and ends by itself', () => {
  const week = changed(FREE, FREE, 7, NOON)
  const again = changed(week, FREE, 1, NOON)
  expect(bets(again, NOTHING, 1, NOON + 6 * DAY_MS)).toThrow(expect.objectContaining({ code: 'COOLING_OFF' }))
  expect(bets(again, NOTHING, 1, NOON + 7 * DAY_MS)).not.toThrow()
  expect(shownLimits(again, NOTHING, NOON + 7 * DAY_MS).coolOffUntil).toBeNull()
})

const limit = fc.option(fc.integer({ min: 1, max: 1_000 }))
const wish = fc.record({ stakePerDay: limit, lossPerDay: limit })

test('C13 whatever is wished for in whatever order, no limit gets looser within a day', () => {
  const atLeastAsStrict = (now: number | null, before: number | null) =>
    before === null || (now !== null && now <= before)
  fc.assert(
    fc.property(
      fc.array(fc.record({ wish, afterMs: fc.integer({ min: 0, max: DAY_MS / 4 }) }), { maxLength: 4 }),
      (wishes) => {
        let [own, nowMs] = [FREE, NOON]
        for (const { wish: wanted, afterMs } of wishes) {
          if (nowMs + afterMs >= NOON + DAY_MS) return
          nowMs += afterMs
          const next = changed(own, wanted, undefined, nowMs)
          expect(atLeastAsStrict(next.stakePerDay, own.stakePerDay)).toBe(true)
          expect(atLeastAsStrict(next.lossPerDay, own.lossPerDay)).toBe(true)
          own = next
        }
      },
    ),
  )
})
