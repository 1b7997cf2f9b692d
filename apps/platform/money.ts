import { Currency as Name } from '@meydan/contracts/wallet'
import { OperatorError } from '@meydan/kernel/config'
import type { Currency, WalletOptions } from '@meydan/services/wallet'
import { z } from 'zod'
import type { PlatformSettings } from './settings.ts'

const DECIMALS_MAX = 8

/** `coins:1000000,gems:0`: a number for each currency that is named. */
export const byCurrency = z.string().transform((text, context): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  for (const item of text.split(',')) {
    const [, name, digits] = /^\s*([^\s:]+):(\d{1,15})\s*$/.exec(item) ?? []
    if (name === undefined) complain(context, `'${item.trim()}' should look like coins:2,gems:0`)
    else if (!Name.safeParse(name).success)
      complain(context, `${name}: a currency has lower case letters, digits and _`)
    else if (found.has(name)) complain(context, `${name} is there twice`)
    else found.set(name, Number(digits))
  }
  return found
})

/** `coins:2,gems:0`: the digits of each currency's minor unit. */
export const decimals = byCurrency.superRefine((found, context) => {
  for (const [name, digits] of found)
    if (digits > DECIMALS_MAX) complain(context, `${name}: ${DECIMALS_MAX} digits at most`)
})

function complain(context: z.RefinementCtx, message: string): void {
  context.addIssue({ code: 'custom', message })
}

type MoneySettings = Pick<PlatformSettings, 'currencies' | 'faucetPerDay' | 'faucetUpTo'>

/** What the wallet is to know of money. Throws an OperatorError when the faucet is to give what is no currency. */
export function moneyOf({ currencies, faucetPerDay, faucetUpTo }: MoneySettings): WalletOptions {
  checkNames('MEYDAN_FAUCET_PER_DAY', faucetPerDay, currencies)
  checkNames('MEYDAN_FAUCET_UP_TO', faucetUpTo, currencies)
  const made = [...currencies].map(([name, digits]): [string, Currency] => {
    const faucet = { perDay: faucetPerDay.get(name) ?? 0, upTo: faucetUpTo.get(name) ?? 0 }
    return [name, { decimals: digits, faucet }]
  })
  return { currencies: new Map(made) }
}

function checkNames(setting: string, named: ReadonlyMap<string, number>, known: ReadonlyMap<string, number>): void {
  const unknown = [...named.keys()].filter((name) => !known.has(name))
  if (unknown.length === 0) return
  throw new OperatorError(
    `${setting} names ${unknown.join(', ')}, which MEYDAN_CURRENCIES does not: name currencies of ${[...known.keys()].join(', ')}.`,
  )
}
