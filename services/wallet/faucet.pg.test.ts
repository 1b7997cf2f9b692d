import { playerContext } from '@meydan/conformance/harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeOf, openWorld } from './tests/world.ts'

/** Coins: 1,000 a day, up to 5,000. */
let world: Awaited<ReturnType<typeof openWorld>>
let players = 100
const someone = (): string => String(++players)
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

test('W7 a player takes play money, and has just so much when that is the wish', async () => {
  const ada = someone()
  expect(await world.take(ada, 300)).toEqual({ currency: 'coins', decimals: 2, balance: 300, held: 0 })
  expect(await world.set(ada, 1_000)).toMatchObject({ balance: 1_000 })
  expect(await world.set(ada, 50)).toMatchObject({ balance: 50 })
  expect(await world.set(ada, 50)).toMatchObject({ balance: 50 })
})

test('W7 the faucet gives no more than its limit of the day, and what is given back does not refill it', async () => {
  const ada = someone()
  expect(await codeOf(world.take(ada, 1_001))).toBe('FAUCET_LIMIT')
  await world.set(ada, 900)
  await world.set(ada, 0)
  await expect(world.take(ada, 101)).rejects.toMatchObject({
    code: 'FAUCET_LIMIT',
    details: { field: 'amount', left: 100 },
  })
  await expect(world.set(ada, 101)).rejects.toMatchObject({ code: 'FAUCET_LIMIT', details: { field: 'balance' } })
  expect(await world.take(ada, 100)).toMatchObject({ balance: 100 })
  await world.tamper(
    'transfers',
    `update wallet.transfers set posted_at = posted_at - interval '1 day' where caller = 'player:${ada}'`,
  )
  expect(await world.take(ada, 1_000)).toMatchObject({ balance: 1_100 })
})

test('W7 the faucet fills a balance up to its most, whatever it could still give', async () => {
  const ada = someone()
  await world.give(ada, 4_900)
  expect(await codeOf(world.take(ada, 101))).toBe('FAUCET_LIMIT')
  expect(await world.take(ada, 100)).toMatchObject({ balance: 5_000 })
  await world.give(ada, 1_000)
  expect(await world.set(ada, 5_999)).toMatchObject({ balance: 5_999 })
})

test('W7 however many requests of a player come at once, in whatever process, the limit holds', async () => {
  const ada = someone()
  const other = world.process()
  const asked = Array.from({ length: 20 }, (_, n) => codeOf((n % 2 ? other : world).take(ada, 100)))
  const codes = await Promise.all(asked)
  expect(codes.toSorted()).toEqual([...Array(10).fill('FAUCET_LIMIT'), ...Array(10).fill('done')])
  expect(await world.has(ada)).toEqual([1_000, 0])
})

test('W4 W7 what is asked with a key is given once, and the key of a player is nobody else’s', async () => {
  const [ada, bora] = [someone(), someone()]
  await Promise.all([1, 2, 3].map(() => world.take(ada, 400, 'again')))
  expect(await world.has(ada)).toEqual([400, 0])
  expect(await codeOf(world.take(ada, 401, 'again'))).toBe('KEY_REUSED')
  await world.take(bora, 400, 'again')
  expect(await world.has(bora)).toEqual([400, 0])
})

test('W7 the faucet gives nothing of a currency that it has no limit for, and nothing to staff in a player’s name', async () => {
  const ada = someone()
  expect(await codeOf(world.take(ada, 1, undefined, 'gems'))).toBe('FAUCET_LIMIT')
  expect(await codeOf(world.take(ada, 1, undefined, 'dollars'))).toBe('UNKNOWN_CURRENCY')
  const staff = playerContext(ada, { actorId: '9' })
  expect(await codeOf(world.handlers.faucet({ key: 'staff', currency: 'coins', amount: 1 }, staff))).toBe('FORBIDDEN')
})

test('W9 the audit finds nothing wrong in all of this', async () => {
  expect(await world.findings()).toEqual([])
})
