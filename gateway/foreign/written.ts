import { AutoCashOut, LobbyId } from '@meydan/contracts/crash'
import { inputFault } from '@meydan/kernel/rpc'
import { z } from 'zod'

/** Numbers as foreign clients write them, and how we count: in hundredths, exactly. */

const PER_COIN = 100
/** 13 digits of coins are fewer hundredths than a transfer may have. */
const DECIMAL = /^(?<whole>\d{1,13})(?:\.(?<decimals>\d{1,2}))?$/
const FORM = 'should be a number that is not negative, with at most two decimals and 13 digits before them, like 12.5'

/** Read from its digits, so that 0.29 is 29 hundredths, as a number and as text. */
const Hundredths = z.unknown().transform((written, context) => {
  const text = typeof written === 'number' ? String(written) : written
  const digits = typeof text === 'string' ? DECIMAL.exec(text)?.groups : undefined
  if (digits) return Number(digits.whole) * PER_COIN + Number((digits.decimals ?? '').padEnd(2, '0'))
  context.addIssue(text === undefined || text === null ? 'is missing' : FORM)
  return z.NEVER
})

/** Coins, as minor units. */
export const Coins = Hundredths
/** Coins of which there must be some, as minor units. */
export const SomeCoins = Hundredths.refine((amount) => amount > 0, 'should be more than 0')
/** When a bet cashes out by itself, as hundredths; without one it does not. */
export const Coefficient = z.preprocess(
  (written) => (written === null || written === '' ? undefined : written),
  Hundredths.refine(
    (target) => AutoCashOut.safeParse(target).success,
    `should be from ${coinsOf(AutoCashOut.minValue ?? 0)} to ${coinsOf(AutoCashOut.maxValue ?? 0)}, or left out`,
  ).optional(),
)

export const LobbyNumber = z.unknown().transform((written, context) => {
  const isDigits = typeof written === 'string' && /^\d{1,10}$/.test(written)
  const lobbyId = LobbyId.safeParse(isDigits ? Number(written) : written)
  if (lobbyId.success) return lobbyId.data
  context.addIssue(written === undefined || written === null ? 'is missing' : 'should be a whole number, like 1')
  return z.NEVER
})

/** Hundredths as a number with two decimals: the nearest there is, which prints as it should up to AMOUNT_MAX. */
export function coinsOf(hundredths: number): number {
  return hundredths / PER_COIN
}

/** Throws INVALID_INPUT, which names the field. */
export function read<Schema extends z.ZodType>(schema: Schema, written: unknown): z.output<Schema> {
  const parsed = schema.safeParse(written ?? {})
  if (!parsed.success) throw inputFault(parsed.error.issues)
  return parsed.data
}
