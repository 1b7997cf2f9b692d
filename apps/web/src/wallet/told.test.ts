import { expect, test } from 'vitest'
import { Newest, withTold } from './told.ts'

const coins = (balance: number, line: number) => ({ currency: 'coins', balance, line })

test('a balance that is told late or twice does not undo a newer one', () => {
  const newest = new Newest()
  expect(newest.of([coins(100, 1)])).toEqual([coins(100, 1)])
  expect(newest.of([coins(300, 3)])).toEqual([coins(300, 3)])
  expect(newest.of([coins(200, 2), { currency: 'gems', balance: 5, line: 1 }])).toEqual([
    { currency: 'gems', balance: 5, line: 1 },
  ])
  expect(newest.of([coins(300, 3)])).toEqual([])
})

test('what is told changes the balance of its currency and nothing else', () => {
  const known = [
    { currency: 'coins', decimals: 2, balance: 100, held: 40 },
    { currency: 'gems', decimals: 0, balance: 7, held: 0 },
  ]
  expect(withTold(known, [coins(250, 9), { currency: 'shells', balance: 1, line: 1 }])).toEqual([
    { currency: 'coins', decimals: 2, balance: 250, held: 40 },
    known[1],
  ])
})
