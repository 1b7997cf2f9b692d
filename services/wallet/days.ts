import type { Id } from '@meydan/contracts/core'
import { type Hash, inclusionPath, leafHash, nodeHash, rootOf, TreeHead } from '@meydan/kernel/merkle'
import type { Database } from '@meydan/kernel/storage'
import { type Kysely, sql } from 'kysely'
import type { Db, WalletTables } from './store.ts'

export interface DaysTables extends WalletTables {
  days: { day: string; transfers: string; root: Buffer; head: Buffer }
  day_blocks: { day: string; block: number; first_transfer_id: Id; root: Buffer }
}
type DaysDb = Kysely<DaysTables>

/** Leaves of a subtree whose root is kept: a power of two, so that it is a subtree of every larger tree. */
export const BLOCK_LEAVES = 1_024
/** The head before the first day. */
const NO_HEAD: Hash = Buffer.alloc(32)
const LOCK = 'wallet.days'

/** Until the transaction ends its transfers belong to days that are not sealed: sealing waits for it. Before the first write. */
export async function keepDayOpen(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${LOCK}, 0))`.execute(tx)
}

/** A transfer as it stands in a day's tree. */
export interface TransferEntry {
  readonly transferId: Id
  /** What is hashed: JSON, as `entryOf` writes it. */
  readonly entry: string
}

export interface SealedDay {
  /** `2026-11-18`, UTC. */
  readonly day: string
  readonly transfers: number
  readonly root: Hash
  readonly head: Hash
}

/** Days that are over, have transfers and are not sealed, the oldest first. */
export async function daysToSeal(db: DaysDb): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    with recursive over (day) as (
      select min(posted_at) from wallet.transfers
      where posted_at >= coalesce((select max(day) + 1 from wallet.days), '-infinity'::date)::timestamp at time zone 'UTC'
      union all
      select (select min(posted_at) from wallet.transfers
        where posted_at >= (date_trunc('day', over.day, 'UTC') + interval '1 day')) from over where day is not null)
    select to_char(day at time zone 'UTC', 'YYYY-MM-DD') as day from over where day < date_trunc('day', clock_timestamp(), 'UTC')`.execute(
    db,
  )
  return rows.map(({ day }) => day)
}

/** Seals a day that is over. Sealed twice, by two processes at once, it is the same. */
export async function sealDay(database: Database, day: string): Promise<SealedDay> {
  const db = database.tables<DaysTables>()
  await waitForWriters(database)
  const { blocks, root, transfers } = await treeOf(db, day)
  const previous = await headBefore(db, day)
  const sealed = { day, transfers, root, head: nodeHash(previous, root) }
  await database.transaction<DaysTables, void>(async (tx) => {
    const row = { ...sealed, transfers: String(transfers) }
    await tx
      .insertInto('days')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await tx
      .insertInto('day_blocks')
      .values(blocks)
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
  return sealed
}

/** Whoever writes after this, writes a time after this. */
async function waitForWriters(database: Database): Promise<void> {
  await database.transaction((tx) => sql`select pg_advisory_xact_lock(hashtextextended(${LOCK}, 0))`.execute(tx))
}

export async function headBefore(db: DaysDb, day: string): Promise<Hash> {
  const query = db.selectFrom('days').select('head').where('day', '<', day).orderBy('day', 'desc')
  return (await query.limit(1).executeTakeFirst())?.head ?? NO_HEAD
}

interface Tree {
  readonly blocks: DaysTables['day_blocks'][]
  readonly root: Hash
  readonly transfers: number
}

/** The tree of a day, block by block. */
export async function treeOf(db: DaysDb, day: string): Promise<Tree> {
  const head = new TreeHead()
  const blocks: Tree['blocks'] = []
  for (let after: Id = '0'; ; ) {
    const entries = await readEntries(db, day, after)
    const [first, last] = [entries[0], entries.at(-1)]
    if (!first || !last) break
    const leaves = entries.map(leafOf)
    for (const leaf of leaves) head.add(leaf)
    blocks.push({ day, block: blocks.length, first_transfer_id: first.transferId, root: rootOf(leaves) })
    after = last.transferId
  }
  return { blocks, root: head.root(), transfers: head.size }
}

export const leafOf = ({ entry }: TransferEntry): Hash => leafHash(Buffer.from(entry))

/** The day's next block of transfers after this one. */
async function readEntries(db: DaysDb, day: string, after: Id): Promise<TransferEntry[]> {
  const { rows } = await sql<EntryRow>`
    select transfer_id as "transferId", posted_at as at, caller, key, kind, reason, about, (
      select json_agg(json_build_array(owner, currency, amount::text) order by posting_id)
      from wallet.postings as p join wallet.accounts as a using (account_id) where p.transfer_id = t.transfer_id) as postings
    from wallet.transfers as t
    where transfer_id > ${after} and (posted_at at time zone 'UTC')::date = ${day}::date
    order by transfer_id limit ${BLOCK_LEAVES}`.execute(db)
  return rows.map((row) => ({ transferId: row.transferId, entry: entryOf(row) }))
}

interface EntryRow {
  readonly transferId: Id
  readonly at: Date
  readonly caller: string
  readonly key: string
  readonly kind: string
  readonly reason: string
  readonly about: Id | null
  readonly postings: readonly (readonly [account: string, currency: string, amount: string])[] | null
}

/** `[transferId, at, caller, key, kind, reason, about, [[account, currency, amount], …]]` as JSON without spaces. */
function entryOf({ transferId, at, caller, key, kind, reason, about, postings }: EntryRow): string {
  return JSON.stringify([transferId, at.toISOString(), caller, key, kind, reason, about, postings ?? []])
}

export interface InclusionProof extends SealedDay {
  readonly entry: string
  /** Of the entry among the day's, from 0. */
  readonly index: number
  readonly path: readonly Hash[]
  /** The head of the day before. */
  readonly before: Hash
}

/** Proves that a transfer is in the tree of its day; undefined while the day is not sealed, or for no transfer at all. */
export async function proveTransfer(db: DaysDb, transferId: Id): Promise<InclusionProof | undefined> {
  const transfer = await db
    .selectFrom('transfers')
    .select('posted_at')
    .where('transfer_id', '=', transferId)
    .executeTakeFirst()
  const day = transfer?.posted_at.toISOString().slice(0, 10)
  const sealed = day === undefined ? undefined : await findDay(db, day)
  if (!sealed) return undefined
  const blocks = await db.selectFrom('day_blocks').selectAll().where('day', '=', sealed.day).orderBy('block').execute()
  const block = blocks.findLastIndex((each) => BigInt(each.first_transfer_id) <= BigInt(transferId))
  const previous = String(BigInt(blocks[block]?.first_transfer_id ?? 0) - 1n)
  const entries = await readEntries(db, sealed.day, previous)
  const within = entries.findIndex((each) => each.transferId === transferId)
  const found = entries[within]
  if (!found) return undefined
  const path = [
    ...inclusionPath(entries.map(leafOf), within),
    ...inclusionPath(
      blocks.map(({ root }) => root),
      block,
    ),
  ]
  const before = await headBefore(db, sealed.day)
  return { ...sealed, entry: found.entry, index: block * BLOCK_LEAVES + within, path, before }
}

/** Sealed days before this one, newest first. */
export async function listDays(db: DaysDb, before: string | undefined, limit: number): Promise<SealedDay[]> {
  const { rows } = await sql<{ day: string; transfers: string; root: Hash; head: Hash }>`
    select to_char(day, 'YYYY-MM-DD') as day, transfers, root, head from wallet.days
    where day < coalesce(${before ?? null}::date, 'infinity') order by days.day desc limit ${limit}`.execute(db)
  return rows.map((row) => ({ ...row, transfers: Number(row.transfers) }))
}

async function findDay(db: DaysDb, day: string): Promise<SealedDay | undefined> {
  const row = await db
    .selectFrom('days')
    .select(['transfers', 'root', 'head'])
    .where('day', '=', day)
    .executeTakeFirst()
  return row && { ...row, day, transfers: Number(row.transfers) }
}
