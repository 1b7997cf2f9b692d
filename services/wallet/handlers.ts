import { core } from '@meydan/contracts/core'
import { type BalanceOf, playerAccount, type Receipt, type wallet, walletErrors } from '@meydan/contracts/wallet'
import type { CallContext, Handlers, Kit, PlayerContext } from '@meydan/kernel/rpc'
import { type DaysTables, listDays, proveTransfer } from './days.ts'
import type { Ledger } from './ledger.ts'
import type { WalletOptions } from './module.ts'
import { dayOnWire, proofOnWire } from './proof.ts'
import type { Move, Wish } from './rules.ts'
import { ownersOf, readBalanceAt, readBalances, readStatement } from './statement.ts'

type Asked = { readonly key: string; readonly reason: string }

const STAFF_DRAWS_NOT = 'Staff who entered an account for a check take no money in its name.'

export function walletHandlers(
  kit: Pick<Kit, 'db' | 'clock'>,
  { currencies }: WalletOptions,
  ledger: Ledger,
): Handlers<typeof wallet> {
  const db = kit.db.tables<DaysTables>()

  const checkCurrency = (currency: string, field: string): void => {
    if (!currencies.has(currency)) throw walletErrors.UNKNOWN_CURRENCY({ details: { field, currency } })
  }
  const checkLegs = (legs: readonly { currency: string }[]): void => {
    for (const [index, { currency }] of legs.entries()) checkCurrency(currency, `legs.${index}.currency`)
  }

  const balancesOf = async (owner: string): Promise<{ balances: BalanceOf[] }> => {
    const found = await readBalances(db, owner)
    const balances = [...currencies].map(([currency, { decimals }]) => ({
      currency,
      decimals,
      ...(found.get(currency) ?? { balance: 0, held: 0 }),
    }))
    return { balances }
  }

  const ask = ({ key, reason }: Asked, move: Move, { caller, signal }: CallContext): Promise<Receipt> => {
    if (caller.kind !== 'service') throw core.FORBIDDEN()
    return ledger.do({ caller: caller.service, key, reason, move }, signal)
  }

  const draw = async (
    { key, currency, reason }: Asked & { currency: string },
    wish: Wish,
    { caller, signal }: PlayerContext,
  ): Promise<BalanceOf> => {
    checkCurrency(currency, 'currency')
    if (caller.actorId !== undefined) throw core.FORBIDDEN({ message: STAFF_DRAWS_NOT })
    const account = playerAccount(caller.playerId)
    // A key of a player's is never one of a service's.
    await ledger.do({ caller: account, key, reason, move: { kind: 'faucet', account, currency, wish } }, signal)
    const { balances } = await balancesOf(account)
    const balance = balances.find((each) => each.currency === currency)
    if (!balance) throw new Error(`a player has no balance in ${currency}`)
    return balance
  }

  return {
    faucet: ({ amount, ...asked }, context) => draw({ ...asked, reason: 'faucet.take' }, { amount }, context),
    setBalance: ({ balance, ...asked }, context) => draw({ ...asked, reason: 'faucet.set' }, { balance }, context),
    balances: (_, { caller }) => balancesOf(playerAccount(caller.playerId)),
    balancesOf: ({ playerId }) => balancesOf(playerAccount(playerId)),
    async statement({ currency, before, limit }, { caller }) {
      checkCurrency(currency, 'currency')
      return { lines: await readStatement(db, { owner: playerAccount(caller.playerId), currency, before, limit }) }
    },
    async balanceAt({ currency, at }, { caller }) {
      checkCurrency(currency, 'currency')
      return { balance: await readBalanceAt(db, playerAccount(caller.playerId), currency, at) }
    },
    async days({ before, limit }) {
      return { days: (await listDays(db, before, limit)).map(dayOnWire) }
    },
    async proof({ transferId }, { caller }) {
      const owners = await ownersOf(db, transferId)
      const may = owners.includes(playerAccount(caller.playerId)) || caller.roles.includes('admin')
      // That somebody else's is there is nobody's business.
      if (owners.length === 0 || !may) throw walletErrors.UNKNOWN_TRANSFER({ details: { field: 'transferId' } })
      const proof = await proveTransfer(db, transferId)
      if (!proof) throw walletErrors.DAY_OPEN()
      return proofOnWire(proof)
    },
    async transfer({ legs, ...asked }, context) {
      checkLegs(legs)
      return ask(asked, { kind: 'transfer', legs }, context)
    },
    async hold({ account, currency, amount, expiresInMs, ...asked }, context) {
      checkCurrency(currency, 'currency')
      return ask(asked, { kind: 'hold', account, currency, amount, expiresInMs }, context)
    },
    async post({ holdId, to, amount, legs, ...asked }, context) {
      checkLegs(legs)
      return ask(asked, { kind: 'post', holdId, to, amount, legs }, context)
    },
    void: ({ holdId, ...asked }, context) => ask(asked, { kind: 'void', holdId }, context),
    reverse: ({ transferId, ...asked }, context) => ask(asked, { kind: 'reversal', transferId }, context),
  }
}
