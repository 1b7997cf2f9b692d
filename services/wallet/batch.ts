import { createHash } from 'node:crypto'
import { Fault, type Id } from '@meydan/contracts/core'
import { type Receipt, walletErrors } from '@meydan/contracts/wallet'
import type { NextId } from '@meydan/kernel/ids'
import type { Database } from '@meydan/kernel/storage'
import type { Clock } from '@meydan/kernel/time'
import { keepDayOpen } from './days.ts'
import {
  type AccountState,
  apply,
  type Change,
  changesOf,
  checkOpen,
  drawn,
  type FaucetLimits,
  type FaucetMove,
  hasFloor,
  type Move,
  type Record,
  stateOf,
} from './rules.ts'
import {
  type BalanceAfter,
  type Entry,
  findKeys,
  givenToday,
  type HoldState,
  keyName,
  lockAccounts,
  lockHolds,
  type Named,
  type Opened,
  readReceipts,
  readRecord,
  reversedAmong,
  type Tx,
  type WalletTables,
  type Written,
  writeEntries,
} from './store.ts'

/** One thing to be done once. */
export interface Request {
  /** A service. Keys are its own. */
  readonly caller: string
  readonly key: string
  readonly reason: string
  readonly move: Move
}

/** By name. */
export type Accounts = ReadonlyMap<string, AccountState>

/** What came of a request: a receipt, or the fault that says why not. */
export type Outcome = Receipt | Fault

export interface Ran {
  /** In the order of the requests. */
  readonly outcomes: readonly Outcome[]
  /** Receipts of what was not done before, in the order in which it happened. */
  readonly fresh: readonly Receipt[]
}

export interface BatchParts {
  readonly db: Database
  readonly clock: Clock
  readonly nextId: NextId
  readonly faucet: (currency: string) => FaucetLimits
}

/**
 * Does requests in one transaction, in their order, each as if it came alone: one that cannot be done answers with its fault and leaves no trace. Whoever
 * asks again with the same key gets the same receipt. Throws what the database throws; then either nothing of the batch has happened or all of it, and
 * asking again tells. `system`: the platform's own accounts.
 */
export async function runBatch(parts: BatchParts, system: Accounts, requests: readonly Request[]): Promise<Ran> {
  const done = await parts.db.transaction<WalletTables, Done[]>((tx) => inTransaction(parts, system, tx, requests))
  const repeated = done.flatMap((each) => ('repeats' in each ? [each.repeats] : []))
  const receipts = await receiptsOf(parts.db, repeated)
  const outcomes = done.map((each) => {
    if ('fault' in each) return each.fault
    if ('receipt' in each) return each.receipt
    const receipt = receipts.get(each.repeats)
    if (!receipt) throw new Error(`transfer ${each.repeats} was written and is not there`)
    return receipt
  })
  return { outcomes, fresh: done.flatMap((each) => ('receipt' in each ? [each.receipt] : [])) }
}

type Refused = { readonly fault: Fault }
type Repeated = { readonly repeats: Id }
type Done = Refused | Repeated | { readonly receipt: Receipt }
type Plan = Refused | { readonly touches: readonly Named[]; readonly changes: (book: Book) => readonly Change[] }
type Decision = Refused | Repeated | { readonly entry: Entry }

/** Everything that a batch decides by. What one request does, the next one finds. */
interface Book {
  readonly parts: BatchParts
  readonly record: Record
  readonly accounts: Accounts
  readonly holds: Map<Id, HoldState>
  readonly reversed: Set<Id>
  /** By the faucet this day, by account. */
  readonly given: Map<string, bigint>
  readonly written: Map<string, Written>
}

async function inTransaction(
  parts: BatchParts,
  system: Accounts,
  tx: Tx,
  requests: readonly Request[],
): Promise<Done[]> {
  const moves = requests.map(({ move }) => move)
  const holdIds = moves.flatMap((move) => ('holdId' in move ? [move.holdId] : []))
  const transferIds = moves.flatMap((move) => ('transferId' in move ? [move.transferId] : []))
  const record = await readRecord(tx, holdIds, transferIds)
  const planned = requests.map((request) => ({ request, plan: planOf(request.move, record) }))
  const touched = planned.flatMap(({ plan }) => ('touches' in plan ? plan.touches : []))
  const locked = await lockAccounts(
    tx,
    touched.filter(({ owner }) => hasFloor(owner)),
  )
  const drawing = moves.flatMap((move) => (move.kind === 'faucet' ? stateOf(locked, ownerOf(move)).accountId : []))
  const book: Book = {
    parts,
    record,
    accounts: new Map([...system, ...locked]),
    // After the locks: whoever held them before has written what is read here.
    holds: await lockHolds(tx, holdIds),
    reversed: await reversedAmong(tx, transferIds),
    given: await givenToday(tx, drawing),
    written: await findKeys(tx, requests),
  }
  await keepDayOpen(tx)
  const decisions = planned.map(({ request, plan }) => decide(book, request, plan))
  const entries = decisions.flatMap((decision) => ('entry' in decision ? [decision.entry] : []))
  const at = entries.length > 0 ? await writeEntries(tx, entries, [...locked.values()]) : ''
  return decisions.map((decision) => ('entry' in decision ? { receipt: receiptOf(decision.entry, at) } : decision))
}

function planOf(move: Move, record: Record): Plan {
  if (move.kind === 'faucet') return { touches: [ownerOf(move)], changes: (book) => draw(book, move) }
  return orFault(() => {
    const changes = changesOf(move, record)
    return { touches: changes, changes: () => changes }
  })
}

const ownerOf = ({ account: owner, currency }: FaucetMove): Named => ({ owner, currency })

function draw({ parts, accounts, given }: Book, move: FaucetMove): Change[] {
  const { accountId, balance } = stateOf(accounts, ownerOf(move))
  const limits = parts.faucet(move.currency)
  return drawn(move, { balance: balance ?? 0n, given: given.get(accountId) ?? 0n, limits })
}

function decide(book: Book, request: Request, plan: Plan): Decision {
  const requestHash = hashOf(request)
  const before = book.written.get(keyName(request))
  if (before && !before.requestHash.equals(requestHash)) {
    return { fault: walletErrors.KEY_REUSED({ details: { field: 'key' } }) }
  }
  if (before) return { repeats: before.transferId }
  if ('fault' in plan) return plan
  return orFault(() => {
    checkFirst(book, request.move)
    const changes = plan.changes(book)
    apply(book.accounts, changes)
    const entry = entryOf(book, request, requestHash, changes)
    remember(book, entry)
    return { entry }
  })
}

/** Throws HOLD_ENDED or REVERSED_ALREADY when somebody was quicker. */
function checkFirst({ parts, record, holds, reversed }: Book, move: Move): void {
  if (move.kind === 'post' || move.kind === 'void') {
    checkOpen(move.kind, holds.get(move.holdId), record.holds.get(move.holdId), parts.clock.now())
  }
  if (move.kind === 'reversal' && reversed.has(move.transferId)) {
    throw walletErrors.REVERSED_ALREADY({ details: { field: 'transferId' } })
  }
}

function remember({ holds, reversed, given, written }: Book, entry: Entry): void {
  const { kind, about, postings } = entry
  written.set(keyName(entry), entry)
  if (about === null) return
  if (kind === 'reversal') reversed.add(about)
  if (kind === 'post') holds.set(about, 'posted')
  if (kind === 'void') holds.set(about, 'voided')
  if (kind === 'faucet') {
    const more = postings.find(({ accountId }) => accountId === about)?.amount ?? 0n
    if (more > 0n) given.set(about, (given.get(about) ?? 0n) + more)
  }
}

/** Reads the accounts as they are after the changes. */
function entryOf({ parts, accounts }: Book, request: Request, requestHash: Buffer, changes: readonly Change[]): Entry {
  const { caller, key, reason, move } = request
  const postings = changes.map((change) => {
    const { accountId, balance, lines } = stateOf(accounts, change)
    return { ...change, accountId, balance, line: balance === null ? null : lines }
  })
  return {
    transferId: parts.nextId(),
    caller,
    key,
    requestHash,
    kind: move.kind,
    reason,
    about: aboutOf(accounts, move),
    postings,
    opens: move.kind === 'hold' ? termsOf(accounts, move, parts.clock.now()) : undefined,
  }
}

function aboutOf(accounts: Accounts, move: Move): Id | null {
  if ('holdId' in move) return move.holdId
  if ('transferId' in move) return move.transferId
  return move.kind === 'faucet' ? stateOf(accounts, ownerOf(move)).accountId : null
}

type HoldMove = Extract<Move, { kind: 'hold' }>

function termsOf(accounts: Accounts, { account, currency, amount, expiresInMs }: HoldMove, nowMs: number): Opened {
  const terms = { owner: account, currency, amount: BigInt(amount) }
  return { ...terms, expiresAtMs: nowMs + expiresInMs, accountId: stateOf(accounts, terms).accountId }
}

function receiptOf({ transferId, postings }: Entry, at: string): Receipt {
  const balances = postings.flatMap(({ owner: account, currency, balance, line }) =>
    balance === null ? [] : [{ account, currency, balance: Number(balance), line: Number(line) }],
  )
  return { transferId, at, balances }
}

async function receiptsOf(db: Database, transferIds: readonly Id[]): Promise<Map<Id, Receipt>> {
  if (transferIds.length === 0) return new Map()
  const rows = await readReceipts(db.tables<WalletTables>(), transferIds)
  const lines = Map.groupBy(rows, ({ transferId }) => transferId)
  return new Map(
    [...lines].map(([transferId, of]) => [transferId, { transferId, at: of[0]?.at ?? '', balances: balancesOf(of) }]),
  )
}

const balancesOf = (rows: readonly BalanceAfter[]): Receipt['balances'] =>
  rows.flatMap(({ account, currency, balance, line }) =>
    account === null || currency === null ? [] : [{ account, currency, balance: Number(balance), line: Number(line) }],
  )

/** SHA-256 of what is asked. Legs and fields keep the order in which the contract's schema gives them. */
function hashOf({ reason, move }: Request): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([reason, move]))
    .digest()
}

function orFault<T>(work: () => T): T | Refused {
  try {
    return work()
  } catch (error) {
    if (error instanceof Fault) return { fault: error }
    throw error
  }
}
