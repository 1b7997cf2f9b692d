import { type Hash, nodeHash } from '@meydan/kernel/merkle'
import type { Database } from '@meydan/kernel/storage'
import { sql } from 'kysely'
import { type DaysTables, headBefore, treeOf } from './days.ts'
import type { Db } from './store.ts'

/** Something in the books that cannot be. */
export interface Finding {
  readonly rule: 'balance' | 'line' | 'sum' | 'transfer' | 'escrow' | 'day' | 'head'
  /** The account, transfer, currency or day. */
  readonly where: string
  readonly message: string
}

export interface AuditProgress {
  readonly step: string
  readonly done: number
  readonly total: number
  readonly findings: readonly Finding[]
}

/** Whether a wallet has ever run on this database. */
export async function hasBooks(database: Database): Promise<boolean> {
  const { rows } = await sql<{
    isThere: boolean
  }>`select to_regclass('wallet.audits') is not null as "isThere"`.execute(database.tables())
  return rows[0]?.isThere === true
}

/** Rows that one statement looks at: a second or so. */
const CHUNK = 50_000

/**
 * Recomputes every balance, every transfer and every sealed day from what was written, and tells how far it is. It changes nothing. With `head`, of a day,
 * as it was published: nothing up to that day was changed since.
 */
export async function* audit(database: Database, head?: Hash): AsyncGenerator<AuditProgress> {
  const db = database.tables<DaysTables>()
  yield* inChunks('accounts', await largest(db, 'accounts', 'account_id'), (from, to) => accountsBetween(db, from, to))
  yield* inChunks('postings', await largest(db, 'postings', 'posting_id'), (from, to) => postingsBetween(db, from, to))
  yield { step: 'escrow', done: 1, total: 1, findings: await escrow(db) }
  const days = await db.selectFrom('days').selectAll().orderBy('day').execute()
  for (const [index, sealed] of days.entries()) {
    yield { step: 'days', done: index + 1, total: days.length, findings: await day(db, sealed) }
  }
  if (head) yield { step: 'head', done: 1, total: 1, findings: isAmong(days, head) ? [] : [unknownHead(head)] }
}

const isAmong = (days: readonly Sealed[], head: Hash): boolean => days.some((each) => each.head.equals(head))

const unknownHead = (head: Hash): Finding => ({
  rule: 'head',
  where: head.toString('hex'),
  message: 'no day has this head: something up to its day was changed, or it was never published',
})

async function* inChunks(
  step: string,
  last: number,
  look: (from: number, to: number) => Promise<Finding[]>,
): AsyncGenerator<AuditProgress> {
  for (let from = 1; from <= last; from += CHUNK) {
    const to = Math.min(last, from + CHUNK - 1)
    yield { step, done: to, total: last, findings: await look(from, to) }
  }
}

async function largest(db: Db, table: string, column: string): Promise<number> {
  const { rows } = await sql<{ last: string | null }>`
    select max(${sql.ref(column)}) as last from wallet.${sql.ref(table)}`.execute(db)
  return Number(rows[0]?.last ?? 0)
}

/** Accounts whose lines are not numbered from 1, do not follow from each other, or do not end in the balance. */
async function accountsBetween(db: Db, from: number, to: number): Promise<Finding[]> {
  const { rows } = await sql<{ where: string; isLine: boolean }>`
    with lines as (
      select account_id, amount, balance, line, lag(balance, 1, 0) over whole as before, row_number() over whole as place
      from wallet.postings where line is not null and account_id between ${from} and ${to}
      window whole as (partition by account_id order by line)),
    sums as (
      select account_id, sum(amount) as balance, count(*) as lines,
        bool_and(line = place and balance = before + amount) as follows
      from lines group by account_id)
    select owner || ' ' || currency as where, not coalesce(follows, true) as "isLine"
    from wallet.accounts as a left join sums as s using (account_id)
    where account_id between ${from} and ${to} and a.balance is not null
      and (not coalesce(follows, true) or a.balance <> coalesce(s.balance, 0) or a.lines <> coalesce(s.lines, 0))`.execute(
    db,
  )
  return rows.map(({ where, isLine }) =>
    isLine
      ? { rule: 'line', where, message: 'a line does not follow from the one before it' }
      : { rule: 'balance', where, message: 'the balance is not the sum of the postings' },
  )
}

/** Transfers whose postings do not sum to zero in a currency, or that are not there. */
async function postingsBetween(db: Db, from: number, to: number): Promise<Finding[]> {
  return [...(await sumsBetween(db, from, to)), ...(await orphansBetween(db, from, to))]
}

async function orphansBetween(db: Db, from: number, to: number): Promise<Finding[]> {
  const { rows } = await sql<{ where: string }>`
    select distinct transfer_id::text as where from wallet.postings as p
    where posting_id between ${from} and ${to}
      and not exists (select from wallet.transfers as t where t.transfer_id = p.transfer_id)`.execute(db)
  return rows.map(({ where }) => ({ rule: 'transfer', where, message: 'it has postings, and is not there' }))
}

async function sumsBetween(db: Db, from: number, to: number): Promise<Finding[]> {
  const { rows } = await sql<{ where: string }>`
    select distinct p.transfer_id::text as where from wallet.postings as p join wallet.accounts as a using (account_id)
    where p.transfer_id in (select transfer_id from wallet.postings where posting_id between ${from} and ${to})
    group by p.transfer_id, a.currency having sum(p.amount) <> 0`.execute(db)
  return rows.map(({ where }) => ({ rule: 'sum', where, message: 'the postings do not sum to zero' }))
}

/** What lies in escrow is what open holds keep. */
async function escrow(db: Db): Promise<Finding[]> {
  const { rows } = await sql<{ where: string; lies: string; held: string }>`
    select currency as where, lies, held from (
      select a.currency, (select coalesce(sum(amount), 0) from wallet.postings as p where p.account_id = a.account_id) as lies,
        (select coalesce(sum(amount), 0) from wallet.holds as h where h.currency = a.currency and state = 'open') as held
      from wallet.accounts as a where owner = 'escrow') as sums
    where lies <> held`.execute(db)
  return rows.map(({ where, lies, held }) => ({
    rule: 'escrow',
    where,
    message: `${lies} lies in escrow, and ${held} is held`,
  }))
}

type Sealed = DaysTables['days']

async function day(db: Parameters<typeof treeOf>[0], sealed: Sealed): Promise<Finding[]> {
  const { root, transfers } = await treeOf(db, sealed.day)
  const head = nodeHash(await headBefore(db, sealed.day), root)
  if (root.equals(sealed.root) && head.equals(sealed.head) && String(transfers) === sealed.transfers) return []
  return [{ rule: 'day', where: sealed.day, message: 'its transfers are not those that were sealed' }]
}
