import { Fault, type Id } from '@meydan/contracts/core'
import { USER_DELETED } from '@meydan/contracts/identity'
import { HOLD_MS_MAX, playerAccount, wallet } from '@meydan/contracts/wallet'
import { type Listener, listen } from '@meydan/kernel/events'
import type { Job, Kit } from '@meydan/kernel/rpc'
import { type Kysely, sql } from 'kysely'
import type { Ledger } from './ledger.ts'
import type { Move } from './rules.ts'
import type { WalletTables } from './store.ts'

const EVERY_MS = 5_000
const OWNERS_MAX = 100
/** What was asked before a player was deleted may still be paid, by a hold that was open then; a day for whatever was slow. */
const LATE_MS_MAX = HOLD_MS_MAX + 24 * 60 * 60 * 1_000

export interface ClosingTables extends WalletTables {
  closed_owners: { owner: string; closed_at: Date }
}
type Db = Kysely<ClosingTables>

/** What the wallet hears. The money is moved by the job below: the listener's transaction would only wait for the ledger's. */
export function walletListeners(): Listener[] {
  return [
    listen<typeof USER_DELETED, ClosingTables>(USER_DELETED, 'close', async (tx, { data }) => {
      const closed = { owner: playerAccount(data.userId), closed_at: new Date(data.at) }
      await tx
        .insertInto('closed_owners')
        .values(closed)
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    }),
  ]
}

export async function isClosed(db: Db, owner: string): Promise<boolean> {
  const query = db.selectFrom('closed_owners').select('owner').where('owner', '=', owner)
  return (await query.executeTakeFirst()) !== undefined
}

/** Voids the open holds of deleted players, and gives back to the faucet what they have. Each process may do so: its keys name what was found. */
export function closingJob({ db: database, clock }: Pick<Kit, 'db' | 'clock'>, ledger: Ledger): Job {
  const db = database.tables<ClosingTables>()
  return {
    name: 'close-accounts',
    everyMs: EVERY_MS,
    async run(signal) {
      const since = new Date(clock.now() - LATE_MS_MAX)
      const holds = await heldByClosed(db, since)
      await Promise.all(holds.map((holdId) => tidy(ledger, `closed:${holdId}`, { kind: 'void', holdId }, signal)))
      const left = await leftWithClosed(db, since)
      await Promise.all(
        left.map(({ owner, currency, balance, lines }) => {
          const legs = [{ from: owner, to: 'faucet' as const, currency, amount: Number(balance) }]
          return tidy(ledger, `closed:${owner}:${currency}:${lines}`, { kind: 'transfer', legs }, signal)
        }),
      )
    },
  }
}

/** What somebody else did meanwhile is found at the next run. */
const OVERTAKEN = new Set(['HOLD_ENDED', 'INSUFFICIENT_FUNDS'])

async function tidy(ledger: Ledger, key: string, move: Move, signal: AbortSignal): Promise<void> {
  try {
    await ledger.do({ caller: wallet.name, key, reason: 'account.closed', move }, signal)
  } catch (error) {
    if (!(error instanceof Fault && OVERTAKEN.has(error.code))) throw error
  }
}

async function heldByClosed(db: Db, since: Date): Promise<Id[]> {
  const { rows } = await sql<{ hold_id: Id }>`
    select hold_id from wallet.closed_owners
    join wallet.accounts using (owner) join wallet.holds using (account_id)
    where closed_at > ${since} and state = 'open' limit ${OWNERS_MAX}`.execute(db)
  return rows.map(({ hold_id }) => hold_id)
}

interface Left {
  readonly owner: `player:${string}`
  readonly currency: string
  readonly balance: string
  readonly lines: string
}

async function leftWithClosed(db: Db, since: Date): Promise<Left[]> {
  const { rows } = await sql<Left>`
    select owner, currency, balance, lines from wallet.closed_owners join wallet.accounts using (owner)
    where closed_at > ${since} and balance > 0 limit ${OWNERS_MAX}`.execute(db)
  return rows
}
