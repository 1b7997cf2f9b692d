import { core, type Id } from '@meydan/contracts/core'
import {
  type BalanceOf,
  playerAccount,
  type Receipt,
  type StatementLine,
  type wallet,
  walletErrors,
} from '@meydan/contracts/wallet'
import type { CallContext, Handlers, Kit, PlayerContext } from '@meydan/kernel/rpc'
import { type ClosingTables, isClosed } from './closing.ts'
import { type DaysTables, listDays, proveTransfer } from './days.ts'
import type { Ledger } from './ledger.ts'
import type { WalletOptions } from './module.ts'
import { dayOnWire, proofOnWire } from './proof.ts'
import type { Move, Wish } from './rules.ts'
import { ownersOf, type Page, readBalanceAt, readBalances, readStatement } from './statement.ts'

type Asked = { readonly key: string; readonly reason: string }

const STAFF_DRAWS_NOT = 'Staff who entered an account for a check take no money in its name.'

export function walletHandlers(
  kit: Pick<Kit, 'db' | 'log'>,
  { currencies }: WalletOptions,
  ledger: Ledger,
): Handlers<typeof wallet> {
  const db = kit.db.tables<DaysTables & ClosingTables>()

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

  const statementOf = async (playerId: Id, page: Omit<Page, 'owner'>): Promise<{ lines: StatementLine[] }> => {
    checkCurrency(page.currency, 'currency')
    return { lines: await readStatement(db, { owner: playerAccount(playerId), ...page }) }
  }

  const noteLook = (staffId: Id, playerId: Id): void => {
    kit.log.info({ staffId, playerId }, "staff looked at a player's money")
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
    if (await isClosed(db, account)) throw core.UNAUTHENTICATED({ message: 'This account was deleted.' })
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
    statement: (page, { caller }) => statementOf(caller.playerId, page),
    async balanceAt({ currency, at }, { caller }) {
      checkCurrency(currency, 'currency')
      return { balance: await readBalanceAt(db, playerAccount(caller.playerId), currency, at) }
    },
    balancesOfPlayer({ playerId }, { caller }) {
      noteLook(caller.playerId, playerId)
      return balancesOf(playerAccount(playerId))
    },
    statementOfPlayer({ playerId, ...page }, { caller }) {
      noteLook(caller.playerId, playerId)
      return statementOf(playerId, page)
    },
    correct({ transferId, key, reason }, { caller, signal }) {
      const move = { kind: 'reversal', transferId } as const
      return ledger.do({ caller: `staff:${caller.playerId}`, key, reason, move }, signal)
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
