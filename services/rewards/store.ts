import type { Id } from '@meydan/contracts/core'
import type { RewardKind } from '@meydan/contracts/rewards'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Claimed } from './rules.ts'

export interface RewardsTables {
  players: { player_id: Id; experience: string; streak_days: number; claimed_on: string | null; deleted: boolean }
  rewards: {
    reward_id: Id
    player_id: Id
    caller: string
    key: string
    kind: RewardKind
    type: string
    amount: string
    gained: string
    reason: string
    given_at: Date
  }
  unpaid: { reward_id: Id; try_at: Date }
  items: { player_id: Id; type: string; amount: string }
  boosters: { player_id: Id; type: string; ends_at: Date }
  campaigns: { campaign_id: Id; made_by: Id | null }
  inbox: { player_id: Id; campaign_id: Id; read_at: Date | null; claimed_at: Date | null }
  census: { after: Id | null; done: boolean }
}
export type Db = Kysely<RewardsTables>
export type Tx = Transaction<RewardsTables>

export interface PlayerState {
  readonly playerId: Id
  readonly experience: number
  readonly claimed: Claimed
  readonly deleted: boolean
}

interface PlayerRow {
  readonly player_id: Id
  readonly experience: string
  readonly streak_days: number
  readonly claimed_on: string | null
  readonly deleted: boolean
}

const stateOf = (row: PlayerRow): PlayerState => ({
  playerId: row.player_id,
  experience: Number(row.experience),
  claimed: { days: row.streak_days, on: row.claimed_on },
  deleted: row.deleted,
})

const playerColumns = sql`player_id, experience, streak_days, to_char(claimed_on, 'YYYY-MM-DD') as claimed_on, deleted`

/** Makes the rows of players that have none. In one order, so that two that do so never wait in a circle. */
export async function addPlayers(db: Db, playerIds: readonly Id[]): Promise<void> {
  await sql`insert into rewards.players (player_id)
    select distinct id from unnest(${playerIds}::bigint[]) as id order by id
    on conflict do nothing`.execute(db)
}

/** These players by their ids, each under its row's lock until the transaction ends; those without a row are not among them. */
export async function lockPlayers(tx: Tx, playerIds: readonly Id[]): Promise<Map<Id, PlayerState>> {
  const { rows } = await sql<PlayerRow>`select ${playerColumns} from rewards.players
    where player_id = any(${playerIds}::bigint[]) order by player_id for no key update`.execute(tx)
  return new Map(rows.map((row) => [row.player_id, stateOf(row)]))
}

export async function findPlayer(db: Db, playerId: Id): Promise<PlayerState | undefined> {
  const { rows } =
    await sql<PlayerRow>`select ${playerColumns} from rewards.players where player_id = ${playerId}`.execute(db)
  return rows[0] && stateOf(rows[0])
}

/** Of these players those without a row. */
export async function unknownAmong(db: Db, playerIds: readonly Id[]): Promise<Id[]> {
  const { rows } = await sql<{ id: Id }>`select id from unnest(${playerIds}::bigint[]) as id
    where not exists (select from rewards.players where player_id = id)`.execute(db)
  return rows.map(({ id }) => id)
}

export async function saveStreak(tx: Tx, playerId: Id, { days, on }: Claimed): Promise<void> {
  const query = tx.updateTable('players').set({ streak_days: days, claimed_on: on })
  await query.where('player_id', '=', playerId).execute()
}

/** Something to be given, as it is written. */
export interface Entry {
  readonly rewardId: Id
  readonly playerId: Id
  readonly caller: string
  readonly key: string
  readonly kind: RewardKind
  readonly type: string
  readonly amount: number
  readonly gained: number
  readonly reason: string
}

/** Writes what is given, and so adds it to what the players have; gives the ids of those whose key was new. */
export async function insertRewards(tx: Tx, entries: readonly Entry[], at: Date): Promise<Set<Id>> {
  const column = <K extends keyof Entry>(name: K) => entries.map((entry) => entry[name])
  const { rows } = await sql<{ reward_id: Id }>`
    insert into rewards.rewards (reward_id, player_id, caller, key, kind, type, amount, gained, reason, given_at)
    select *, ${at}::timestamptz from unnest(
      ${column('rewardId')}::bigint[], ${column('playerId')}::bigint[], ${column('caller')}::text[], ${column('key')}::text[],
      ${column('kind')}::text[], ${column('type')}::text[], ${column('amount')}::bigint[], ${column('gained')}::bigint[],
      ${column('reason')}::text[])
    on conflict (caller, key) do nothing returning reward_id`.execute(tx)
  return new Set(rows.map(({ reward_id }) => reward_id))
}

export interface Given {
  readonly rewardId: Id
  readonly playerId: Id
  readonly type: string
  readonly amount: number
  readonly reason: string
  readonly at: Date
  /** Whether the wallet has yet to say that it moved the money. */
  readonly unpaid: boolean
}

/** What was given for a key before. */
export async function findByKey(db: Db, caller: string, key: string): Promise<Given | undefined> {
  const row = await db
    .selectFrom('rewards')
    .leftJoin('unpaid', 'unpaid.reward_id', 'rewards.reward_id')
    .select(['rewards.reward_id', 'player_id', 'type', 'amount', 'reason', 'given_at', 'unpaid.reward_id as unpaid_id'])
    .where('caller', '=', caller)
    .where('key', '=', key)
    .executeTakeFirst()
  return (
    row && {
      rewardId: row.reward_id,
      playerId: row.player_id,
      type: row.type,
      amount: Number(row.amount),
      reason: row.reason,
      at: row.given_at,
      unpaid: row.unpaid_id !== null,
    }
  )
}

export async function findItems(db: Db, playerId: Id): Promise<{ type: string; amount: number }[]> {
  const query = db.selectFrom('items').select(['type', 'amount']).where('player_id', '=', playerId)
  const rows = await query.orderBy('type').execute()
  return rows.map(({ type, amount }) => ({ type, amount: Number(amount) }))
}

export interface BoosterRow {
  readonly playerId: Id
  readonly type: string
  readonly endsAt: Date
}

/** Boosters that run at a moment. */
export function findBoosters(db: Db, playerIds: readonly Id[], at: Date): Promise<BoosterRow[]> {
  const query = db.selectFrom('boosters').select(['player_id as playerId', 'type', 'ends_at as endsAt'])
  return query.where('player_id', 'in', playerIds).where('ends_at', '>', at).orderBy('type').execute()
}

/** Held shared by what writes to the inboxes of many, alone by who empties a player's: neither overlooks the other. */
const INBOXES = 'rewards.inboxes'

export async function shareInboxes(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${INBOXES}, 0))`.execute(tx)
}

export async function forgetPlayer(tx: Tx, playerId: Id): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${INBOXES}, 0))`.execute(tx)
  const nothing = { experience: '0', streak_days: 0, claimed_on: null, deleted: true }
  await tx
    .insertInto('players')
    .values({ player_id: playerId, ...nothing })
    .onConflict((conflict) => conflict.column('player_id').doUpdateSet(nothing))
    .execute()
  for (const table of ['inbox', 'rewards', 'items', 'boosters'] as const) {
    await tx.deleteFrom(table).where('player_id', '=', playerId).execute()
  }
  await tx.updateTable('campaigns').set({ made_by: null }).where('made_by', '=', playerId).execute()
}
