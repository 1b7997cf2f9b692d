import { readSettings } from '@meydan/kernel/config'
import { expect, test } from 'vitest'
import { moneyOf } from './money.ts'
import { settings } from './settings.ts'

const { currencies, faucetPerDay, faucetUpTo } = settings
const read = (env: Readonly<Record<string, string>>) =>
  moneyOf(readSettings({ currencies, faucetPerDay, faucetUpTo }, env)).currencies

test('W1 an operator says which currencies there are, and otherwise there are coins and gems', () => {
  expect([...read({})]).toEqual([
    ['coins', { decimals: 2, faucet: { perDay: 1_000_000, upTo: 10_000_000 } }],
    ['gems', { decimals: 0, faucet: { perDay: 0, upTo: 0 } }],
  ])
  const faucet = { MEYDAN_FAUCET_PER_DAY: 'gold:5', MEYDAN_FAUCET_UP_TO: 'gold:9' }
  expect([...read({ MEYDAN_CURRENCIES: 'gold:0, star_dust:3', ...faucet })]).toEqual([
    ['gold', { decimals: 0, faucet: { perDay: 5, upTo: 9 } }],
    ['star_dust', { decimals: 3, faucet: { perDay: 0, upTo: 0 } }],
  ])
})

test.each([
  ['coins', /'coins' should look like coins:2,gems:0/],
  ['coins:2,coins:0', /coins is there twice/],
  ['Coins:2', /Coins: a currency has lower case letters, digits and _/],
  ['coins:9', /coins: 8 digits at most/],
  ['coins:2,', /'' should look like/],
  ['gems:0', /MEYDAN_FAUCET_PER_DAY names coins, which MEYDAN_CURRENCIES does not: name currencies of gems\./],
])('an operator who writes MEYDAN_CURRENCIES=%s is told what is wrong with it', (text, why) => {
  expect(() => read({ MEYDAN_CURRENCIES: text })).toThrow(why)
})
