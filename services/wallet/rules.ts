import type { Id } from '@meydan/contracts/core'
import { type Leg, type TransferKind, walletErrors } from '@meydan/contracts/wallet'

/** 2⁵³ − 1: what a number on the wire can say exactly. */
export const BALANCE_MAX = BigInt(Number.MAX_SAFE_INTEGER)
const ESCROW = 'escrow'
const FAUCET = 'faucet'

/** What is asked of the ledger. */
export type Move =
  | { readonly kind: 'transfer'; readonly legs: readonly Leg[] }
  | {
      readonly kind: 'hold'
      readonly account: string
      readonly currency: string
      readonly amount: number
      readonly expiresInMs: number
    }
  | {
      readonly kind: 'post'
      readonly holdId: Id
      readonly to: string
      readonly amount: number | undefined
      readonly legs: readonly Leg[]
    }
  | { readonly kind: 'void'; readonly holdId: Id }
  | { readonly kind: 'reversal'; readonly transferId: Id }
  | { readonly kind: 'faucet'; readonly account: string; readonly currency: string; readonly wish: Wish }

/** Of a player at the faucet: so much more, or to have just so much. Minor units. */
export type Wish = { readonly amount: number } | { readonly balance: number }

/** Of the faucet for one player in one currency, in minor units. Both 0: it gives nothing. */
export interface FaucetLimits {
  /** By day (UTC). */
  readonly perDay: number
  /** It gives nothing beyond this balance. */
  readonly upTo: number
}

/** What these do follows from facts that never change; what the faucet does depends on what the player has. */
export type PlainMove = Exclude<Move, FaucetMove>
export type FaucetMove = Extract<Move, { kind: 'faucet' }>

/** What a transfer does to one account. */
export interface Change {
  readonly owner: string
  readonly currency: string
  readonly amount: bigint
}

/** What never changes about a hold. */
export interface HoldTerms {
  readonly owner: string
  readonly currency: string
  readonly amount: bigint
  readonly expiresAtMs: number
}

/** What was written before and a move refers to. */
export interface Record {
  readonly holds: ReadonlyMap<Id, HoldTerms>
  readonly transfers: ReadonlyMap<Id, { readonly kind: TransferKind; readonly changes: readonly Change[] }>
}

/** An account as a batch has it before it, under its lock. */
export interface AccountState {
  readonly accountId: string
  /** Null: the account has no floor, and its balance is nobody's to wait for. */
  balance: bigint | null
  lines: bigint
}

/**
 * What a move does, by facts that cannot change while it waits: one change for each account that has more or less in the end. They sum to zero in
 * each currency. Throws UNKNOWN_HOLD, HOLD_EXCEEDED, UNKNOWN_TRANSFER, NOT_REVERSIBLE.
 */
export function changesOf(move: PlainMove, record: Record): Change[] {
  switch (move.kind) {
    case 'transfer':
      return net(move.legs.flatMap(sides))
    case 'hold':
      return net(between(move.account, ESCROW, move.currency, BigInt(move.amount)))
    case 'post':
      return posting(move, termsOf(record, move.holdId))
    case 'void': {
      const { owner, currency, amount } = termsOf(record, move.holdId)
      return net(between(ESCROW, owner, currency, amount))
    }
    case 'reversal': {
      const original = record.transfers.get(move.transferId)
      if (!original) throw walletErrors.UNKNOWN_TRANSFER({ details: { field: 'transferId' } })
      if (original.kind !== 'transfer') throw walletErrors.NOT_REVERSIBLE({ details: { kind: original.kind } })
      return original.changes.map((change) => ({ ...change, amount: -change.amount }))
    }
  }
}

/**
 * What the faucet does for a player who has `balance` and was given `given` this day. It takes back whatever is too much, which does not add to what
 * it still gives. Throws FAUCET_LIMIT.
 */
export function drawn({ account, currency, wish }: FaucetMove, have: Drawing): Change[] {
  const { balance, given, limits } = have
  const amount = 'amount' in wish ? BigInt(wish.amount) : BigInt(wish.balance) - balance
  const left = BigInt(limits.perDay) - given
  if (amount > 0n && (amount > left || balance + amount > BigInt(limits.upTo))) {
    const field = 'amount' in wish ? 'amount' : 'balance'
    const details = { field, currency, left: Math.max(0, Number(left)), upTo: limits.upTo }
    throw walletErrors.FAUCET_LIMIT({ details })
  }
  return net(between(FAUCET, account, currency, amount))
}

export interface Drawing {
  readonly balance: bigint
  readonly given: bigint
  readonly limits: FaucetLimits
}

function posting(move: Extract<Move, { kind: 'post' }>, { owner, currency, amount }: HoldTerms): Change[] {
  const paid = move.amount === undefined ? amount : BigInt(move.amount)
  if (paid > amount) throw walletErrors.HOLD_EXCEEDED({ details: { field: 'amount', held: Number(amount) } })
  return net([
    ...between(ESCROW, move.to, currency, paid),
    ...between(ESCROW, owner, currency, amount - paid),
    ...move.legs.flatMap(sides),
  ])
}

function termsOf(record: Record, holdId: Id): HoldTerms {
  const terms = record.holds.get(holdId)
  if (!terms) throw walletErrors.UNKNOWN_HOLD({ details: { field: 'holdId' } })
  return terms
}

const sides = ({ from, to, currency, amount }: Leg): Change[] => between(from, to, currency, BigInt(amount))

const between = (from: string, to: string, currency: string, amount: bigint): Change[] => [
  { owner: from, currency, amount: -amount },
  { owner: to, currency, amount },
]

function net(changes: readonly Change[]): Change[] {
  const sums = new Map<string, Change>()
  for (const change of changes) {
    const name = accountName(change)
    sums.set(name, { ...change, amount: (sums.get(name)?.amount ?? 0n) + change.amount })
  }
  return [...sums.values()].filter(({ amount }) => amount !== 0n)
}

export const accountName = ({ owner, currency }: { owner: string; currency: string }): string => `${owner} ${currency}`

export const hasFloor = (owner: string): boolean => owner.startsWith('player:')

/**
 * The overdraft rule: an account with a floor never has less than nothing, nor more than can be said exactly. Either all changes are taken over into
 * `accounts`, or none and INSUFFICIENT_FUNDS or BALANCE_TOO_LARGE is thrown.
 */
export function apply(accounts: ReadonlyMap<string, AccountState>, changes: readonly Change[]): void {
  const states = changes.map((change) => stateOf(accounts, change))
  changes.forEach((change, index) => {
    const balance = states[index]?.balance ?? null
    if (balance === null) return
    const { owner: account, currency, amount } = change
    const details = { account, currency, balance: Number(balance) }
    if (balance + amount < 0n) throw walletErrors.INSUFFICIENT_FUNDS({ details })
    if (balance + amount > BALANCE_MAX) throw walletErrors.BALANCE_TOO_LARGE({ details })
  })
  changes.forEach(({ amount }, index) => {
    const state = states[index]
    if (!state || state.balance === null) return
    state.balance += amount
    state.lines += 1n
  })
}

export function stateOf(
  accounts: ReadonlyMap<string, AccountState>,
  of: Pick<Change, 'owner' | 'currency'>,
): AccountState {
  const state = accounts.get(accountName(of))
  if (!state) throw new Error(`the account ${accountName(of)} was not read`)
  return state
}

/** Throws HOLD_ENDED for a hold that was posted or voided, or whose time was over when it should be posted. What has expired goes back: it may be voided. */
export function checkOpen(
  kind: 'post' | 'void',
  state: string | undefined,
  terms: HoldTerms | undefined,
  nowMs: number,
): void {
  const expired = terms === undefined || terms.expiresAtMs <= nowMs
  if (state === 'open' && !(kind === 'post' && expired)) return
  throw walletErrors.HOLD_ENDED({ details: { state: state === 'open' ? 'expired' : state } })
}
