import { type Hash, nodeHash } from '@meydan/kernel/merkle'
import type { Database } from '@meydan/kernel/storage'
import { sql } from 'kysely'
import { type DaysTables, headBefore, treeOf } from './days.ts'
import type { Db } from './store.ts'

/** Something in the books that cannot be. */
export interface Finding {
  readonly rule: 'balance' | 'line' | 'sum' | 'transfer' | 'hold' | 'escrow' | 'day' | 'head'
  /** The account, transfer, hold or day. */
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
  yield* inHolds(db)
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

/** Transfers whose postings cannot be, or that are not there. */
async function postingsBetween(db: Db, from: number, to: number): Promise<Finding[]> {
  const looks = [sumsBetween, orphansBetween, escrowBetween]
  return (await Promise.all(looks.map((look) => look(db, from, to)))).flat()
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

/** Holds by their ids, a chunk after the other. */
async function* inHolds(db: Db): AsyncGenerator<AuditProgress> {
  const { count } = await db.selectFrom('holds').select(sql<string>`count(*)`.as('count')).executeTakeFirstOrThrow()
  for (let after = '0', done = 0; ; ) {
    const { rows } = await sql<{ last: string | null; count: string }>`
      select max(hold_id) as last, count(*) from (
        select hold_id from wallet.holds where hold_id > ${after} order by hold_id limit ${CHUNK}) as chunk`.execute(db)
    const { last, count: more } = rows[0] ?? { last: null, count: '0' }
    if (last === null) return
    done += Number(more)
    yield { step: 'holds', done, total: Math.max(done, Number(count)), findings: await holdsBetween(db, after, last) }
    after = last
  }
}

/** Holds that are open though they were ended, or the other way round, or for which something else lies in escrow than they keep. */
async function holdsBetween(db: Db, after: string, last: string): Promise<Finding[]> {
  const { rows } = await sql<{ where: string }>`
    select hold_id::text as where from wallet.holds as h
    where hold_id > ${after} and hold_id <= ${last} and (
      (state = 'open') = exists (select from wallet.transfers where about = hold_id and kind in ('post', 'void'))
      or case state when 'open' then amount else 0 end is distinct from (
        select sum(p.amount) from wallet.postings as p join wallet.accounts as a using (account_id)
        where a.owner = 'escrow' and p.transfer_id in (
          select hold_id union all select transfer_id from wallet.transfers where about = hold_id and kind in ('post', 'void'))))`.execute(
    db,
  )
  return rows.map(({ where }) => ({ rule: 'hold', where, message: 'it is not what was set aside and ended' }))
}

/** Transfers that reach escrow without a hold. */
async function escrowBetween(db: Db, from: number, to: number): Promise<Finding[]> {
  const { rows } = await sql<{ where: string }>`
    select distinct p.transfer_id::text as where
    from wallet.postings as p join wallet.accounts as a using (account_id) join wallet.transfers as t using (transfer_id)
    where posting_id between ${from} and ${to} and a.owner = 'escrow' and kind not in ('hold', 'post', 'void')`.execute(
    db,
  )
  return rows.map(({ where }) => ({ rule: 'escrow', where, message: 'it reaches escrow, and is no hold' }))
}

type Sealed = DaysTables['days']

async function day(db: Parameters<typeof treeOf>[0], sealed: Sealed): Promise<Finding[]> {
  const { root, transfers } = await treeOf(db, sealed.day)
  const head = nodeHash(await headBefore(db, sealed.day), root)
  if (root.equals(sealed.root) && head.equals(sealed.head) && String(transfers) === sealed.transfers) return []
  return [{ rule: 'day', where: sealed.day, message: 'its transfers are not those that were sealed' }]
}
