import type { Id } from '@meydan/contracts/core'
import { SYSTEM_ACCOUNTS, type TransferKind } from '@meydan/contracts/wallet'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { AccountState, Change, HoldTerms, Record } from './rules.ts'
import { accountName, hasFloor } from './rules.ts'

export type HoldState = 'open' | 'posted' | 'voided'

export interface WalletTables {
  accounts: { account_id: string; owner: string; currency: string; balance: string | null; lines: string }
  transfers: {
    transfer_id: Id
    caller: string
    key: string
    request_hash: Buffer
    kind: TransferKind
    reason: string
    about: Id | null
    posted_at: Date
  }
  postings: {
    posting_id: string
    transfer_id: Id
    account_id: string
    amount: string
    balance: string | null
    line: string | null
  }
  holds: {
    hold_id: Id
    account_id: string
    owner: string
    currency: string
    amount: string
    expires_at: Date
    state: HoldState
  }
}
export type Db = Kysely<WalletTables>
export type Tx = Transaction<WalletTables>

export type Named = Pick<Change, 'owner' | 'currency'>

interface AccountRow {
  readonly account_id: string
  readonly owner: string
  readonly currency: string
  readonly balance: string | null
  readonly lines: string
}

/** The accounts of these names, each under its lock until the transaction ends; made where they are new. */
export async function lockAccounts(tx: Tx, names: readonly Named[]): Promise<Map<string, AccountState>> {
  const found = await lockExisting(tx, names)
  const missing = names.filter((name) => !found.has(accountName(name)))
  if (missing.length === 0) return found
  await addAccounts(tx, missing)
  return new Map([...found, ...(await lockExisting(tx, missing))])
}

/** In one order, so that two transactions never wait for each other in a circle. */
async function lockExisting(tx: Tx, names: readonly Named[]): Promise<Map<string, AccountState>> {
  if (names.length === 0) return new Map()
  const { rows } = await sql<AccountRow>`
    select account_id, owner, currency, balance, lines from wallet.accounts
    where (owner, currency) in (
      select owner, currency from unnest(${ownersOf(names)}::text[], ${currenciesOf(names)}::text[]) as n (owner, currency))
    order by account_id for no key update`.execute(tx)
  return statesOf(rows)
}

/** Accounts of the platform itself in these currencies, which are never locked; made when they are new. */
export async function systemAccounts(db: Db, currencies: readonly string[]): Promise<Map<string, AccountState>> {
  const names = currencies.flatMap((currency) => SYSTEM_ACCOUNTS.map((owner) => ({ owner, currency })))
  await addAccounts(db, names)
  const query = db.selectFrom('accounts').selectAll().where('owner', 'in', SYSTEM_ACCOUNTS)
  return statesOf(await query.execute())
}

async function addAccounts(db: Db, names: readonly Named[]): Promise<void> {
  const inOrder = names.toSorted((a, b) => (accountName(a) < accountName(b) ? -1 : 1))
  const balances = inOrder.map(({ owner }) => (hasFloor(owner) ? '0' : null))
  await sql`
    insert into wallet.accounts (owner, currency, balance)
    select * from unnest(${ownersOf(inOrder)}::text[], ${currenciesOf(inOrder)}::text[], ${balances}::bigint[])
    on conflict (owner, currency) do nothing`.execute(db)
}

const ownersOf = (names: readonly Named[]): string[] => names.map(({ owner }) => owner)
const currenciesOf = (names: readonly Named[]): string[] => names.map(({ currency }) => currency)

function statesOf(rows: readonly AccountRow[]): Map<string, AccountState> {
  return new Map(
    rows.map((row) => [
      accountName(row),
      {
        accountId: row.account_id,
        balance: row.balance === null ? null : BigInt(row.balance),
        lines: BigInt(row.lines),
      },
    ]),
  )
}

/** What the moves of a batch refer to; none of it ever changes. */
export async function readRecord(db: Db, holdIds: readonly Id[], transferIds: readonly Id[]): Promise<Record> {
  return { holds: await readTerms(db, holdIds), transfers: await readTransfers(db, transferIds) }
}

async function readTerms(db: Db, holdIds: readonly Id[]): Promise<Map<Id, HoldTerms>> {
  if (holdIds.length === 0) return new Map()
  const rows = await db.selectFrom('holds').selectAll().where('hold_id', 'in', holdIds).execute()
  return new Map(
    rows.map(({ hold_id, owner, currency, amount, expires_at }) => [
      hold_id,
      { owner, currency, amount: BigInt(amount), expiresAtMs: expires_at.getTime() },
    ]),
  )
}

async function readTransfers(db: Db, ids: readonly Id[]): Promise<Map<Id, { kind: TransferKind; changes: Change[] }>> {
  const found = new Map<Id, { kind: TransferKind; changes: Change[] }>()
  if (ids.length === 0) return found
  const rows = await db
    .selectFrom('transfers')
    .innerJoin('postings', 'postings.transfer_id', 'transfers.transfer_id')
    .innerJoin('accounts', 'accounts.account_id', 'postings.account_id')
    .select(['transfers.transfer_id', 'kind', 'owner', 'currency', 'amount'])
    .where('transfers.transfer_id', 'in', ids)
    .orderBy('posting_id')
    .execute()
  for (const { transfer_id, kind, owner, currency, amount } of rows) {
    const transfer = found.get(transfer_id) ?? { kind, changes: [] }
    transfer.changes.push({ owner, currency, amount: BigInt(amount) })
    found.set(transfer_id, transfer)
  }
  return found
}

/** How the holds stand, each under its lock until the transaction ends. After the locks of accounts. */
export async function lockHolds(tx: Tx, holdIds: readonly Id[]): Promise<Map<Id, HoldState>> {
  if (holdIds.length === 0) return new Map()
  const query = tx.selectFrom('holds').select(['hold_id', 'state']).where('hold_id', 'in', holdIds)
  const rows = await query.orderBy('hold_id').forUpdate().execute()
  return new Map(rows.map(({ hold_id, state }) => [hold_id, state]))
}

/** Of these transfers those that were reversed. After the locks of accounts. */
export async function reversedAmong(tx: Tx, transferIds: readonly Id[]): Promise<Set<Id>> {
  if (transferIds.length === 0) return new Set()
  const query = tx.selectFrom('transfers').select('about').where('kind', '=', 'reversal')
  const rows = await query.where('about', 'in', transferIds).execute()
  return new Set(rows.flatMap(({ about }) => about ?? []))
}

/** What the faucet gave these accounts this day (UTC), by account. After the locks of accounts. */
export async function givenToday(tx: Tx, accountIds: readonly string[]): Promise<Map<string, bigint>> {
  if (accountIds.length === 0) return new Map()
  const { rows } = await sql<{ account_id: string; given: string }>`
    select account_id, sum(amount) as given
    from wallet.transfers as t join wallet.postings as p on p.transfer_id = t.transfer_id and p.account_id = t.about
    where kind = 'faucet' and about = any(${accountIds}::bigint[]) and amount > 0
      and posted_at >= date_trunc('day', statement_timestamp(), 'UTC')
    group by account_id`.execute(tx)
  return new Map(rows.map(({ account_id, given }) => [account_id, BigInt(given)]))
}

export interface Asked {
  readonly caller: string
  readonly key: string
}

export interface Written {
  readonly transferId: Id
  readonly requestHash: Buffer
}

export const keyName = ({ caller, key }: Asked): string => `${caller} ${key}`

/** What was done for these keys before. */
export async function findKeys(db: Db, asked: readonly Asked[]): Promise<Map<string, Written>> {
  const { rows } = await sql<{ caller: string; key: string; transfer_id: Id; request_hash: Buffer }>`
    select caller, key, transfer_id, request_hash from wallet.transfers
    where (caller, key) in (
      select caller, key from unnest(${asked.map(({ caller }) => caller)}::text[], ${asked.map(({ key }) => key)}::text[]) as n (caller, key))`.execute(
    db,
  )
  return new Map(rows.map((row) => [keyName(row), { transferId: row.transfer_id, requestHash: row.request_hash }]))
}

/** One account's part in a transfer, and how the account stands after it. */
export interface Posting extends Change {
  readonly accountId: string
  readonly balance: bigint | null
  readonly line: bigint | null
}

export type Opened = HoldTerms & { readonly accountId: string }

/** A transfer to be written, with how its accounts stand after it. */
export interface Entry extends Asked, Written {
  readonly kind: TransferKind
  readonly reason: string
  readonly about: Id | null
  readonly postings: readonly Posting[]
  readonly opens: Opened | undefined
}

/** Writes entries and the new balances of their accounts, all at once, and tells when. Locks of keys are taken in one order. */
export async function writeEntries(
  tx: Tx,
  entries: readonly Entry[],
  accounts: readonly AccountState[],
): Promise<string> {
  const inOrder = entries.toSorted((a, b) => (keyName(a) < keyName(b) ? -1 : 1))
  const at = await insertTransfers(tx, inOrder)
  const opened = entries.flatMap(({ transferId, opens }) => (opens ? [{ transferId, ...opens }] : []))
  if (opened.length > 0) await insertHolds(tx, opened)
  await endHolds(tx, 'posted', aboutOf(entries, 'post'))
  await endHolds(tx, 'voided', aboutOf(entries, 'void'))
  await writePostings(tx, entries, accounts)
  return at.toISOString()
}

const aboutOf = (entries: readonly Entry[], wanted: TransferKind): Id[] =>
  entries.flatMap(({ kind, about }) => (kind === wanted && about !== null ? [about] : []))

async function insertTransfers(tx: Tx, entries: readonly Entry[]): Promise<Date> {
  const { rows } = await sql<{ posted_at: Date }>`
    insert into wallet.transfers (transfer_id, caller, key, request_hash, kind, reason, about)
    select transfer_id, caller, key, request_hash, kind, reason, about from unnest(
      ${entries.map(({ transferId }) => transferId)}::bigint[], ${entries.map(({ caller }) => caller)}::text[],
      ${entries.map(({ key }) => key)}::text[], ${entries.map(({ requestHash }) => requestHash)}::bytea[],
      ${entries.map(({ kind }) => kind)}::text[], ${entries.map(({ reason }) => reason)}::text[],
      ${entries.map(({ about }) => about)}::bigint[]) as n (transfer_id, caller, key, request_hash, kind, reason, about)
    returning posted_at`.execute(tx)
  const [first] = rows
  if (!first) throw new Error('entries are written at least one at a time')
  return first.posted_at
}

/** The postings and, in the same statement, the balances that follow from them. */
async function writePostings(tx: Tx, entries: readonly Entry[], accounts: readonly AccountState[]): Promise<void> {
  const postings = entries.flatMap((entry) =>
    entry.postings.map((posting) => ({ transferId: entry.transferId, ...posting })),
  )
  await sql`
    with posted as (
      insert into wallet.postings (transfer_id, account_id, amount, balance, line)
      select transfer_id, account_id, amount, balance, line from unnest(
        ${postings.map(({ transferId }) => transferId)}::bigint[], ${postings.map(({ accountId }) => accountId)}::bigint[],
        ${postings.map(({ amount }) => amount)}::bigint[], ${postings.map(({ balance }) => balance)}::bigint[],
        ${postings.map(({ line }) => line)}::bigint[]) as n (transfer_id, account_id, amount, balance, line))
    update wallet.accounts as a set balance = n.balance, lines = n.lines
    from unnest(
      ${accounts.map(({ accountId }) => accountId)}::bigint[], ${accounts.map(({ balance }) => balance)}::bigint[],
      ${accounts.map(({ lines }) => lines)}::bigint[]) as n (account_id, balance, lines)
    where a.account_id = n.account_id`.execute(tx)
}

async function insertHolds(tx: Tx, opened: readonly (Opened & { readonly transferId: Id })[]): Promise<void> {
  await sql`
    insert into wallet.holds (hold_id, account_id, owner, currency, amount, expires_at)
    select hold_id, account_id, owner, currency, amount, expires_at from unnest(
      ${opened.map(({ transferId }) => transferId)}::bigint[], ${opened.map(({ accountId }) => accountId)}::bigint[],
      ${ownersOf(opened)}::text[], ${currenciesOf(opened)}::text[], ${opened.map(({ amount }) => amount)}::bigint[],
      ${opened.map(({ expiresAtMs }) => new Date(expiresAtMs))}::timestamptz[]) as n (hold_id, account_id, owner, currency, amount, expires_at)`.execute(
    tx,
  )
}

async function endHolds(tx: Tx, state: 'posted' | 'voided', holdIds: readonly Id[]): Promise<void> {
  if (holdIds.length === 0) return
  await sql`update wallet.holds set state = ${state} where hold_id = any(${holdIds}::bigint[])`.execute(tx)
}

/** A row for each account with a floor; one without an account when there is none. */
export interface BalanceAfter {
  readonly transferId: Id
  /** RFC 3339, UTC. */
  readonly at: string
  readonly account: string | null
  readonly currency: string | null
  readonly balance: string | null
  readonly line: string | null
}

/** What the receipts of these transfers say. */
export async function readReceipts(db: Db, transferIds: readonly Id[]): Promise<BalanceAfter[]> {
  const { rows } = await sql<Omit<BalanceAfter, 'at'> & { at: Date }>`
    select t.transfer_id as "transferId", posted_at as at, owner as account, currency, p.balance, line
    from wallet.transfers as t
    left join (wallet.postings as p join wallet.accounts as a using (account_id)) on p.transfer_id = t.transfer_id and p.line is not null
    where t.transfer_id = any(${transferIds}::bigint[]) order by posting_id`.execute(db)
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}
