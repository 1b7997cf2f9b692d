import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AccountState,
  accountName,
  apply,
  BALANCE_MAX,
  type Change,
  changesOf,
  type Move,
  type Record,
} from './rules.ts'

const coins = (owner: string, amount: bigint): Change => ({ owner, currency: 'coins', amount })
const books = (balances: { readonly [owner: string]: bigint | null }): Map<string, AccountState> =>
  new Map(
    Object.entries(balances).map(([owner, balance], index) => [
      accountName(coins(owner, 0n)),
      { accountId: String(index), balance, lines: 0n },
    ]),
  )
const balanceOf = (accounts: Map<string, AccountState>, owner: string) => accounts.get(accountName(coins(owner, 0n)))
const nothing: Record = { holds: new Map(), transfers: new Map() }
const leg = (from: string, to: string, amount: number) => ({ from, to, currency: 'coins', amount }) as never

describe('W1 the overdraft rule', () => {
  test('what an account has can be spent to the last unit, and not one more', () => {
    const accounts = books({ 'player:1': 500n, house: null })
    apply(accounts, [coins('player:1', -500n), coins('house', 500n)])
    expect(balanceOf(accounts, 'player:1')).toMatchObject({ balance: 0n, lines: 1n })
    expect(() => apply(accounts, [coins('player:1', -1n), coins('house', 1n)])).toThrow(
      expect.objectContaining({
        code: 'INSUFFICIENT_FUNDS',
        details: { account: 'player:1', currency: 'coins', balance: 0 },
      }),
    )
  })

  test('a transfer that one account cannot pay changes no other', () => {
    const accounts = books({ 'player:1': 5n, 'player:2': 5n, 'player:3': 5n })
    const changes = [coins('player:1', -5n), coins('player:2', -6n), coins('player:3', 11n)]
    expect(() => apply(accounts, changes)).toThrow(expect.objectContaining({ code: 'INSUFFICIENT_FUNDS' }))
    expect([...accounts.values()].map(({ balance, lines }) => [balance, lines])).toEqual([
      [5n, 0n],
      [5n, 0n],
      [5n, 0n],
    ])
  })

  test('nobody has more than a number can say', () => {
    const accounts = books({ 'player:1': BALANCE_MAX, faucet: null })
    expect(() => apply(accounts, [coins('faucet', -1n), coins('player:1', 1n)])).toThrow(
      expect.objectContaining({ code: 'BALANCE_TOO_LARGE' }),
    )
  })

  test('accounts of the platform have no floor', () => {
    const accounts = books({ 'player:1': 0n, faucet: null })
    apply(accounts, [coins('faucet', -7n), coins('player:1', 7n)])
    expect(balanceOf(accounts, 'faucet')).toMatchObject({ balance: null, lines: 0n })
  })
})

describe('W2 what a move does', () => {
  const owner = fc.constantFrom('player:1', 'player:2', 'player:3', 'house')
  const legs = fc.array(
    fc.record({
      from: owner,
      to: owner,
      currency: fc.constantFrom('coins', 'gems'),
      amount: fc.integer({ min: 1, max: 1_000_000 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  const sums = (changes: readonly Change[]) =>
    Object.values(Object.groupBy(changes, ({ currency }) => currency)).map((of) =>
      (of ?? []).reduce((sum, { amount }) => sum + amount, 0n),
    )

  test('its changes sum to zero in each currency, one for each account, and none that changes nothing', () => {
    fc.assert(
      fc.property(legs, (made) => {
        const changes = changesOf({ kind: 'transfer', legs: made as never }, nothing)
        expect(sums(changes).every((sum) => sum === 0n)).toBe(true)
        expect(new Set(changes.map(accountName)).size).toBe(changes.length)
        expect(changes.every(({ amount }) => amount !== 0n)).toBe(true)
      }),
    )
  })

  test('a hold goes to escrow; posted in part, the rest goes back', () => {
    const terms = { owner: 'player:1', currency: 'coins', amount: 500n, expiresAtMs: 0 }
    const record: Record = { holds: new Map([['9', terms]]), transfers: new Map() }
    const hold: Move = { kind: 'hold', account: 'player:1', currency: 'coins', amount: 500, expiresInMs: 1 }
    expect(changesOf(hold, nothing)).toEqual([coins('player:1', -500n), coins('escrow', 500n)])
    const post = (amount: number | undefined, ...more: never[]): Change[] =>
      changesOf({ kind: 'post', holdId: '9', to: 'house', amount, legs: more }, record)
    expect(post(undefined)).toEqual([coins('escrow', -500n), coins('house', 500n)])
    expect(post(200)).toEqual([coins('escrow', -500n), coins('house', 200n), coins('player:1', 300n)])
    expect(post(undefined, leg('house', 'player:1', 900))).toEqual([
      coins('escrow', -500n),
      coins('house', -400n),
      coins('player:1', 900n),
    ])
    expect(() => post(501)).toThrow(expect.objectContaining({ code: 'HOLD_EXCEEDED' }))
    expect(changesOf({ kind: 'void', holdId: '9' }, record)).toEqual([coins('escrow', -500n), coins('player:1', 500n)])
    expect(() => changesOf({ kind: 'void', holdId: '8' }, record)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_HOLD' }),
    )
  })

  test('a reversal is the opposite, of transfers alone', () => {
    const changes = [coins('player:1', -5n), coins('house', 5n)]
    const record = (kind: 'transfer' | 'hold'): Record => ({
      holds: new Map(),
      transfers: new Map([['9', { kind, changes }]]),
    })
    const reversal: Move = { kind: 'reversal', transferId: '9' }
    expect(changesOf(reversal, record('transfer'))).toEqual([coins('player:1', 5n), coins('house', -5n)])
    expect(() => changesOf(reversal, record('hold'))).toThrow(expect.objectContaining({ code: 'NOT_REVERSIBLE' }))
    expect(() => changesOf(reversal, nothing)).toThrow(expect.objectContaining({ code: 'UNKNOWN_TRANSFER' }))
  })
})
