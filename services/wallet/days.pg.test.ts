import { nodeHash, provesInclusion } from '@meydan/kernel/merkle'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BLOCK_LEAVES, type DaysTables, daysToSeal, leafOf, proveTransfer, sealDay } from './days.ts'
import { openWorld } from './tests/world.ts'

let world: Awaited<ReturnType<typeof openWorld>>
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const NO_HEAD = Buffer.alloc(32)

test('W8 every transfer of a sealed day is proved, over the borders of its blocks, and none that was changed', async () => {
  const { kit } = world.made
  const receipts = await Promise.all(
    Array.from({ length: BLOCK_LEAVES + 300 }, (_, n) => world.give(String((n % 7) + 1), 1)),
  )
  const [first] = receipts
  const day = first?.at.slice(0, 10) ?? ''
  // It is not over yet, and would not be sealed by itself.
  expect(await daysToSeal(kit.db.tables<DaysTables>())).toEqual([])
  const sealed = await sealDay(kit.db, day)
  expect([sealed.transfers, sealed.head]).toEqual([receipts.length, nodeHash(NO_HEAD, sealed.root)])
  for (const { transferId } of [receipts[0], receipts[700], receipts[1_100], receipts.at(-1)].flatMap(
    (each) => each ?? [],
  )) {
    const proof = await proveTransfer(kit.db.tables<DaysTables>(), transferId)
    if (!proof) throw new Error('there is no proof')
    const { entry, index, path, root, transfers: size } = proof
    expect(root).toEqual(sealed.root)
    expect(JSON.parse(entry)[0]).toBe(transferId)
    expect(provesInclusion(leafOf({ transferId, entry }), { index, size, path, root })).toBe(true)
    const forged = entry.replace('test', 'tess')
    expect(provesInclusion(leafOf({ transferId, entry: forged }), { index, size, path, root })).toBe(false)
  }
  expect(await world.findings()).toEqual([])
})

test('W9 whoever changes the books behind the triggers is found out', async () => {
  const change = async (table: string, statement: string, back: string) => {
    await world.tamper(table, statement)
    const found = await world.findings()
    await world.tamper(table, back)
    return [...new Set(found.map(({ rule }) => rule))].toSorted()
  }
  const one = '(select min(posting_id) from wallet.postings where line is not null)'
  const plus = (n: number): string => `update wallet.postings set amount = amount + ${n} where posting_id = ${one}`
  expect(await change('postings', plus(1), plus(-1))).toEqual(['day', 'line', 'sum'])
  const richer = (n: number): string => `update wallet.accounts set balance = balance + ${n} where owner = 'player:3'`
  expect(await change('accounts', richer(1), richer(-1))).toEqual(['balance'])
  const renamed = (from: string, to: string): string =>
    `update wallet.transfers set reason = '${to}' where reason = '${from}'`
  expect(await change('transfers', renamed('test', 'tess'), renamed('tess', 'test'))).toEqual(['day'])
  expect(await world.findings()).toEqual([])
})
