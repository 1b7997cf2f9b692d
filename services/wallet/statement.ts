import type { Id } from '@meydan/contracts/core'
import type { BalanceOf, StatementLine } from '@meydan/contracts/wallet'
import { sql } from 'kysely'
import type { Db } from './store.ts'

/** What a player has and what is held of it, by currency. Currencies that never moved are not among them. */
export async function readBalances(db: Db, owner: string): Promise<Map<string, Pick<BalanceOf, 'balance' | 'held'>>> {
  const { rows } = await sql<{ currency: string; balance: string; held: string }>`
    select currency, balance, (
      select coalesce(sum(amount), 0) from wallet.holds as h where h.account_id = a.account_id and state = 'open') as held
    from wallet.accounts as a where owner = ${owner}`.execute(db)
  return new Map(
    rows.map(({ currency, balance, held }) => [currency, { balance: Number(balance), held: Number(held) }]),
  )
}

export interface Page {
  readonly owner: string
  readonly currency: string
  /** Lines before this one. */
  readonly before?: number | undefined
  readonly limit: number
}

/** Newest first. */
export async function readStatement(db: Db, { owner, currency, before, limit }: Page): Promise<StatementLine[]> {
  let query = db
    .selectFrom('postings')
    .innerJoin('accounts', 'accounts.account_id', 'postings.account_id')
    .innerJoin('transfers', 'transfers.transfer_id', 'postings.transfer_id')
    .select(['line', 'postings.transfer_id', 'kind', 'reason', 'amount', 'postings.balance', 'posted_at'])
    .where('owner', '=', owner)
    .where('currency', '=', currency)
    .where('line', 'is not', null)
  if (before !== undefined) query = query.where('line', '<', String(before))
  const rows = await query.orderBy('line', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    line: Number(row.line),
    transferId: row.transfer_id,
    kind: row.kind,
    reason: row.reason,
    amount: Number(row.amount),
    balance: Number(row.balance),
    at: row.posted_at.toISOString(),
  }))
}

/** Whose accounts a transfer changed; nobody's when there is no such transfer. */
export async function ownersOf(db: Db, transferId: Id): Promise<string[]> {
  const rows = await db
    .selectFrom('postings')
    .innerJoin('accounts', 'accounts.account_id', 'postings.account_id')
    .select('owner')
    .where('transfer_id', '=', transferId)
    .execute()
  return rows.map(({ owner }) => owner)
}

/** What an account had at a moment: nothing before its first line. */
export async function readBalanceAt(db: Db, owner: string, currency: string, at: string): Promise<number> {
  const row = await db
    .selectFrom('postings')
    .innerJoin('accounts', 'accounts.account_id', 'postings.account_id')
    .innerJoin('transfers', 'transfers.transfer_id', 'postings.transfer_id')
    .select('postings.balance')
    .where('owner', '=', owner)
    .where('currency', '=', currency)
    .where('line', 'is not', null)
    // Moments are told in whole milliseconds, and kept more exactly.
    .where('posted_at', '<', new Date(Date.parse(at) + 1))
    .orderBy('line', 'desc')
    .limit(1)
    .executeTakeFirst()
  return Number(row?.balance ?? 0)
}

/** Holds whose time is over and that nobody has ended, the oldest first. */
export async function expiredHolds(db: Db, now: Date, limit: number): Promise<Id[]> {
  const query = db.selectFrom('holds').select('hold_id').where('state', '=', 'open').where('expires_at', '<=', now)
  const rows = await query.orderBy('expires_at').limit(limit).execute()
  return rows.map(({ hold_id }) => hold_id)
}
