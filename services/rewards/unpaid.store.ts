import type { Id } from '@meydan/contracts/core'
import { sql } from 'kysely'
import type { Db, Entry, Tx } from './store.ts'

/** A transfer that the wallet is to make. */
export interface Payment {
  readonly rewardId: Id
  readonly playerId: Id
  readonly currency: string
  readonly amount: number
  readonly reason: string
}

/** For so long whoever has taken up a payment is left alone with it. */
const TURN_MS = 10_000

/** Notes what of this is money, before the wallet is asked. */
export async function addUnpaid(tx: Tx, entries: readonly Entry[], at: Date): Promise<void> {
  const ids = entries.filter(({ kind }) => kind === 'currency').map(({ rewardId }) => rewardId)
  if (ids.length === 0) return
  await sql`insert into rewards.unpaid (reward_id, try_at)
    select id, ${nextTry(at)}::timestamptz from unnest(${ids}::bigint[]) as id`.execute(tx)
}

/** The oldest that nobody is at, each of them now this caller's turn. */
export async function takeUnpaid(db: Db, at: Date, limit: number): Promise<Payment[]> {
  const { rows } = await sql<Payment>`
    with taken as (
      update rewards.unpaid set try_at = ${nextTry(at)}
      where reward_id in (
        select reward_id from rewards.unpaid where try_at <= ${at} order by try_at limit ${limit} for update skip locked)
      returning reward_id)
    select reward_id as "rewardId", player_id as "playerId", type as currency, amount::float8 as amount, reason
    from taken join rewards.rewards using (reward_id)`.execute(db)
  return rows
}

export async function removeUnpaid(db: Db, rewardIds: readonly Id[]): Promise<void> {
  await sql`delete from rewards.unpaid where reward_id = any(${rewardIds}::bigint[])`.execute(db)
}

export async function countUnpaid(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from rewards.unpaid`.execute(db)
  return rows[0]?.count ?? 0
}

const nextTry = (at: Date): Date => new Date(at.getTime() + TURN_MS)
