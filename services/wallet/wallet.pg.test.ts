import { playerContext } from '@meydan/conformance/harness'
import type { TopicEvent } from '@meydan/kernel/storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeOf, openWorld } from './tests/world.ts'

let world: Awaited<ReturnType<typeof openWorld>>
let players = 100
const someone = (): string => String(++players)
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const pays = (from: string, to: string, amount: number, currency = 'coins') => ({
  legs: [{ from, to, currency, amount }],
})

describe('transfers', () => {
  test('W1 money goes from one player to another, and both are told', async () => {
    const [ada, bora] = [someone(), someone()]
    const told: TopicEvent[] = []
    await world.made.kit.topics.subscribe(`user:${bora}`, (event) => told.push(event))
    await world.give(ada, 1_000)
    const receipt = await world.transfer(pays(`player:${ada}`, `player:${bora}`, 300))
    expect(receipt.balances).toEqual([
      { account: `player:${ada}`, currency: 'coins', balance: 700, line: 2 },
      { account: `player:${bora}`, currency: 'coins', balance: 300, line: 1 },
    ])
    expect([await world.has(ada), await world.has(bora)]).toEqual([
      [700, 0],
      [300, 0],
    ])
    await expect
      .poll(() => told)
      .toMatchObject([{ event: 'WALLET_CHANGED', data: { balances: [{ currency: 'coins', balance: 300, line: 1 }] } }])
  })

  test('W1 W2 who has too little pays nothing, and nobody in the same transfer is paid', async () => {
    const [ada, bora] = [someone(), someone()]
    await world.give(ada, 10)
    const legs = [...pays('faucet', `player:${bora}`, 5).legs, ...pays(`player:${ada}`, 'house', 11).legs]
    expect(await codeOf(world.transfer({ legs }))).toBe('INSUFFICIENT_FUNDS')
    expect([await world.has(ada), await world.has(bora)]).toEqual([
      [10, 0],
      [0, 0],
    ])
    expect(await codeOf(world.transfer(pays(`player:${ada}`, 'house', 1, 'dollars')))).toBe('UNKNOWN_CURRENCY')
  })

  test('W4 the same key and request is the same receipt, in any process; another request is refused, another caller is another', async () => {
    const ada = someone()
    await world.give(ada, 1_000)
    const asked = { key: 'once', ...pays(`player:${ada}`, 'house', 100) }
    const other = world.process()
    const receipts = await Promise.all([world, other, world, other, world].map((at) => at.transfer(asked)))
    expect(receipts).toEqual(receipts.map(() => receipts[0]))
    expect(await codeOf(other.transfer({ ...asked, reason: 'other' }))).toBe('KEY_REUSED')
    expect(await world.has(ada)).toEqual([900, 0])
    await world.transfer(asked, 'another')
    expect(await world.has(ada)).toEqual([800, 0])
  })

  test('W4 what was refused may be asked again with its key', async () => {
    const ada = someone()
    const asked = { key: 'later', ...pays(`player:${ada}`, 'house', 100) }
    expect(await codeOf(world.transfer(asked))).toBe('INSUFFICIENT_FUNDS')
    await world.give(ada, 100)
    await world.transfer(asked)
    expect(await world.has(ada)).toEqual([0, 0])
  })

  test('W3 a transfer is taken back once, by its opposite', async () => {
    const ada = someone()
    const { transferId } = await world.give(ada, 100)
    const all = await Promise.all([1, 2, 3].map(() => codeOf(world.reverse({ transferId }))))
    expect(all.toSorted()).toEqual(['REVERSED_ALREADY', 'REVERSED_ALREADY', 'done'])
    expect(await world.has(ada)).toEqual([0, 0])
    expect(await codeOf(world.reverse({ transferId: '1' }))).toBe('UNKNOWN_TRANSFER')
  })

  test('W2 W3 whoever comes past the service cannot unbalance the books, nor change what was written', async () => {
    const unbalanced =
      'insert into wallet.postings (transfer_id, account_id, amount) select 1, account_id, 5 from wallet.accounts limit 1'
    await expect(world.rows(unbalanced)).rejects.toThrow(/sum to zero/)
    for (const statement of [
      'update wallet.postings set amount = 1',
      'delete from wallet.transfers',
      'truncate wallet.postings',
    ])
      await expect(world.rows(statement)).rejects.toThrow(/append-only/)
  })
})

describe('holds', () => {
  const held = async (amount: number) => {
    const ada = someone()
    await world.give(ada, 1_000)
    const terms = { account: `player:${ada}`, currency: 'coins', amount, expiresInMs: 60_000 }
    return { ada, holdId: (await world.hold(terms)).transferId, terms }
  }

  test('W5 what is held cannot be spent, and is posted in part with something beside it', async () => {
    const { ada, holdId } = await held(800)
    expect(await world.has(ada)).toEqual([200, 800])
    expect(await codeOf(world.transfer(pays(`player:${ada}`, 'house', 201)))).toBe('INSUFFICIENT_FUNDS')
    await world.post({ holdId, to: 'house', amount: 500, ...pays('house', `player:${ada}`, 1_000) })
    expect(await world.has(ada)).toEqual([1_500, 0])
    const again = [world.post({ holdId, to: 'house' }), world.void({ holdId })]
    expect(await Promise.all(again.map(codeOf))).toEqual(['HOLD_ENDED', 'HOLD_ENDED'])
  })

  test('W5 a hold ends once, however many end it at once, in whatever process', async () => {
    const { ada, holdId } = await held(800)
    const other = world.process()
    const ends = [0, 1, 2, 3].flatMap(() => [world.post({ holdId, to: 'house' }), other.void({ holdId })])
    const codes = await Promise.all(ends.map(codeOf))
    expect(codes.filter((code) => code === 'done')).toHaveLength(1)
    expect([
      [1_000, 0],
      [200, 0],
    ]).toContainEqual(await world.has(ada))
  })

  test('W5 what is held goes back when its time is over, and cannot be posted any more', async () => {
    const { ada, holdId } = await held(800)
    world.clock.advance(60_000)
    expect(await codeOf(world.post({ holdId, to: 'house' }))).toBe('HOLD_ENDED')
    await Promise.all([world.runJobs(), world.process().runJobs()])
    expect(await world.has(ada)).toEqual([1_000, 0])
  })

  test('W4 W5 a hold that is asked for again, later, is the same hold', async () => {
    const { ada, terms } = await held(100)
    const first = await world.hold({ key: 'bet', ...terms })
    world.clock.advance(1_000)
    expect(await world.hold({ key: 'bet', ...terms })).toEqual(first)
    expect(await world.has(ada)).toEqual([800, 200])
  })
})

test('a statement has every line once, newest first, page by page, and says what there was at a moment', async () => {
  const ada = someone()
  for (let n = 1; n <= 7; n++) await world.give(ada, n)
  const page = (before?: number) =>
    world.handlers.statement({ currency: 'coins', before, limit: 3 }, playerContext(ada))
  const lines = []
  for (let before: number | undefined; ; before = lines.at(-1)?.line) {
    const found = (await page(before)).lines
    if (found.length === 0) break
    lines.push(...found)
  }
  expect(lines.map(({ line, amount, balance }) => [line, amount, balance])).toEqual(
    [7, 6, 5, 4, 3, 2, 1].map((n) => [n, n, (n * (n + 1)) / 2]),
  )
  const at = lines[3]?.at ?? ''
  const { balance } = await world.handlers.balanceAt({ currency: 'coins', at }, playerContext(ada))
  expect(balance).toBeGreaterThanOrEqual(10)
})

test('W9 the audit finds nothing wrong in all of this', async () => {
  expect(await world.findings()).toEqual([])
})
