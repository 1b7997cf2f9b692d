import type { Id } from '@meydan/contracts/core'
import { sql } from 'kysely'
import type { Own, Today } from './rules.ts'
import type { CrashTables, Db, Tx } from './store.ts'

export interface Player {
  readonly userNumber: number
  readonly own: Own
}

/** These players, made known where they are new, each under its lock until the transaction ends: bets in two lobbies do not both use up what is left of a limit. */
export async function lockPlayers(tx: Tx, playerIds: readonly Id[]): Promise<Map<Id, Player>> {
  const found = await lockKnown(tx, playerIds)
  const missing = playerIds.filter((playerId) => !found.has(playerId))
  if (missing.length === 0) return found
  await sql`
    insert into crash.players (player_id) select player_id from unnest(${missing}::bigint[]) as player_id order by player_id
    on conflict do nothing`.execute(tx)
  return new Map([...found, ...(await lockKnown(tx, missing))])
}

/** In one order, so that two transactions never wait for each other in a circle. */
async function lockKnown(tx: Tx, playerIds: readonly Id[]): Promise<Map<Id, Player>> {
  const query = tx.selectFrom('players').selectAll().where('player_id', '=', sql<Id>`any(${playerIds}::bigint[])`)
  const rows = await query.orderBy('player_id').forNoKeyUpdate().execute()
  return new Map(rows.map((row) => [row.player_id, playerOf(row)]))
}

export async function findPlayer(db: Db, playerId: Id): Promise<Player | undefined> {
  const row = await db.selectFrom('players').selectAll().where('player_id', '=', playerId).executeTakeFirst()
  return row && playerOf(row)
}

function playerOf(row: CrashTables['players']): Player {
  const amount = (text: string | null): number | null => (text === null ? null : Number(text))
  const stakePerDay = amount(row.next_stake_per_day)
  const lossPerDay = amount(row.next_loss_per_day)
  return {
    userNumber: row.user_number,
    own: {
      stakePerDay: amount(row.stake_per_day),
      lossPerDay: amount(row.loss_per_day),
      coolOffUntilMs: row.cool_off_until?.getTime() ?? null,
      next: row.next_from && { stakePerDay, lossPerDay, fromMs: row.next_from.getTime() },
    },
  }
}

export async function saveLimits(
  tx: Tx,
  playerId: Id,
  { stakePerDay, lossPerDay, coolOffUntilMs, next }: Own,
): Promise<void> {
  const text = (amount: number | null | undefined): string | null =>
    amount === null || amount === undefined ? null : String(amount)
  await tx
    .updateTable('players')
    .set({
      stake_per_day: text(stakePerDay),
      loss_per_day: text(lossPerDay),
      cool_off_until: coolOffUntilMs === null ? null : new Date(coolOffUntilMs),
      next_stake_per_day: text(next?.stakePerDay),
      next_loss_per_day: text(next?.lossPerDay),
      next_from: next && new Date(next.fromMs),
    })
    .where('player_id', '=', playerId)
    .execute()
}

/** What these players have staked since a moment and got back for it. */
export async function playedSince(db: Db, playerIds: readonly Id[], since: Date): Promise<Map<Id, Today>> {
  if (playerIds.length === 0) return new Map()
  const { rows } = await sql<{ player_id: Id; staked: string; returned: string }>`
    select player_id, sum(amount)::bigint as staked, sum(payout)::bigint as returned from crash.bets
    where player_id = any(${playerIds}::bigint[]) and at >= ${since} and state <> 'voided'
    group by player_id`.execute(db)
  return new Map(rows.map((row) => [row.player_id, { staked: Number(row.staked), returned: Number(row.returned) }]))
}
