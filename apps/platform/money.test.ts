import { readSettings } from '@meydan/kernel/config'
import { expect, test } from 'vitest'
import { settings } from './settings.ts'

const read = (text: string) => readSettings({ currencies: settings.currencies }, { MEYDAN_CURRENCIES: text }).currencies

test('W1 an operator says which currencies there are, and otherwise there are coins and gems', () => {
  expect([...read('')]).toEqual([
    ['coins', { decimals: 2 }],
    ['gems', { decimals: 0 }],
  ])
  expect([...read('gold:0, star_dust:3')].map(([name]) => name)).toEqual(['gold', 'star_dust'])
})

test.each([
  ['coins', /'coins' should look like coins:2,gems:0/],
  ['coins:2,coins:0', /coins is there twice/],
  ['Coins:2', /Coins: a currency has lower case letters, digits and _/],
  ['coins:9', /coins: 8 digits at most/],
  ['coins:2,', /'' should look like/],
])('an operator who writes MEYDAN_CURRENCIES=%s is told what is wrong with it', (text, why) => {
  expect(() => read(text)).toThrow(why)
})
