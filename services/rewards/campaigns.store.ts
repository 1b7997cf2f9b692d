import type { Id } from '@meydan/contracts/core'
import type { Campaign, Reward } from '@meydan/contracts/rewards'
import { sql } from 'kysely'
import type { Reach } from './rules.ts'
import type { Db, Tx } from './store.ts'

export interface CampaignRow extends Campaign {
  readonly requestHash: Buffer
  readonly reach: Reach
  /** Players up to this id have been served. */
  readonly servedThrough: string
}

interface Stored {
  readonly campaign_id: Id
  readonly made_by: Id | null
  readonly request_hash: Buffer
  readonly title: string
  readonly sent_at: Date
  readonly player_ids: Id[] | null
  readonly id_from: string
  readonly id_until: string
  readonly experience_from: string
  readonly experience_until: string
  readonly state: Campaign['state']
  readonly recipients: number | null
  readonly delivered: number
  readonly served_through: string
  readonly ended_at: Date | null
}

const columns = sql`campaign_id, made_by, request_hash, title, sent_at, player_ids, id_from, id_until, experience_from, experience_until,
  state, recipients, delivered, served_through, ended_at`

const campaignOf = (row: Stored): CampaignRow => ({
  campaignId: row.campaign_id,
  title: row.title,
  state: row.state,
  recipients: row.recipients,
  delivered: row.delivered,
  by: row.made_by,
  at: row.sent_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  requestHash: row.request_hash,
  servedThrough: row.served_through,
  reach: {
    playerIds: row.player_ids,
    idFrom: BigInt(row.id_from),
    idUntil: BigInt(row.id_until),
    experienceFrom: Number(row.experience_from),
    experienceUntil: Number(row.experience_until),
  },
})

export interface NewCampaign {
  readonly campaignId: Id
  readonly by: Id
  readonly key: string
  readonly requestHash: Buffer
  readonly title: string
  readonly text: string
  readonly rewards: readonly Reward[]
  readonly at: Date
  readonly expiresAt: Date
  readonly reach: Reach
}

/** Undefined when the admin has used the key. Of two that come at once the second waits for the first. */
export async function insertCampaign(tx: Tx, made: NewCampaign): Promise<CampaignRow | undefined> {
  const { reach } = made
  const { rows } = await sql<Stored>`
    insert into rewards.campaigns (campaign_id, made_by, key, request_hash, title, text, rewards, sent_at, expires_at,
      player_ids, id_from, id_until, experience_from, experience_until, served_through)
    values (${made.campaignId}, ${made.by}, ${made.key}, ${made.requestHash}, ${made.title}, ${made.text},
      ${JSON.stringify(made.rewards)}::jsonb, ${made.at}, ${made.expiresAt}, ${reach.playerIds}::bigint[], ${reach.idFrom},
      ${reach.idUntil}, ${reach.experienceFrom}, ${reach.experienceUntil}, ${reach.idFrom - 1n})
    on conflict (made_by, key) do nothing returning ${columns}`.execute(tx)
  return rows[0] && campaignOf(rows[0])
}

export async function findCampaignByKey(db: Db, by: Id, key: string): Promise<CampaignRow | undefined> {
  const { rows } =
    await sql<Stored>`select ${columns} from rewards.campaigns where made_by = ${by} and key = ${key}`.execute(db)
  return rows[0] && campaignOf(rows[0])
}

export async function findCampaign(db: Db, campaignId: Id): Promise<CampaignRow | undefined> {
  const { rows } =
    await sql<Stored>`select ${columns} from rewards.campaigns where campaign_id = ${campaignId}`.execute(db)
  return rows[0] && campaignOf(rows[0])
}

/** The row, locked until the transaction ends: delivering and cancelling take turns. */
export async function lockCampaign(tx: Tx, campaignId: Id): Promise<CampaignRow | undefined> {
  const { rows } = await sql<Stored>`
    select ${columns} from rewards.campaigns where campaign_id = ${campaignId} for update`.execute(tx)
  return rows[0] && campaignOf(rows[0])
}

/** Newest first (keyset pagination). */
export async function findCampaigns(db: Db, before: Id | undefined, limit: number): Promise<CampaignRow[]> {
  const older = before === undefined ? sql`` : sql`where campaign_id < ${before}`
  const { rows } = await sql<Stored>`
    select ${columns} from rewards.campaigns ${older} order by campaign_id desc limit ${limit}`.execute(db)
  return rows.map(campaignOf)
}

const isIn = ({ experienceFrom, experienceUntil }: Reach) =>
  sql`not deleted and experience >= ${experienceFrom} and experience < ${experienceUntil}`

const isBetween = ({ playerIds, idUntil }: Reach, after: string | bigint) => {
  const named = playerIds === null ? sql`` : sql`and player_id = any(${playerIds}::bigint[])`
  return sql`player_id > ${after} and player_id < ${idUntil} ${named}`
}

/** How many a campaign would reach now. */
export async function countRecipients(db: Db, reach: Reach): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::integer as count from rewards.players
    where ${isBetween(reach, reach.idFrom - 1n)} and ${isIn(reach)}`.execute(db)
  return rows[0]?.count ?? 0
}

export interface Stretch {
  /** How many got it, of how many that were looked at. */
  readonly delivered: number
  readonly seen: number
  /** The last of them; null when there was none. */
  readonly through: Id | null
}

/** Puts the campaign into the inboxes of those whom it is for among the next so many players, in one statement. */
export async function deliverStretch(tx: Tx, campaign: CampaignRow, limit: number): Promise<Stretch> {
  const { rows } = await sql<Stretch>`
    with stretch as (
      select player_id, experience, deleted from rewards.players
      where ${isBetween(campaign.reach, campaign.servedThrough)} order by player_id limit ${limit}),
    added as (
      insert into rewards.inbox (player_id, campaign_id)
      select player_id, ${campaign.campaignId}::bigint from stretch where ${isIn(campaign.reach)} returning 1)
    select (select count(*) from added)::integer as delivered, count(*)::integer as seen, max(player_id) as through from stretch`.execute(
    tx,
  )
  return rows[0] ?? { delivered: 0, seen: 0, through: null }
}

/** Those among the players between two ids who have it in their inbox: a stretch of the inboxes' own key. */
export async function recipientsBetween(db: Db, campaignId: Id, after: string, through: Id): Promise<Id[]> {
  const { rows } = await sql<{ player_id: Id }>`select player_id from rewards.inbox
    where player_id > ${after} and player_id <= ${through} and campaign_id = ${campaignId}`.execute(db)
  return rows.map(({ player_id }) => player_id)
}

export interface Progress {
  readonly recipients: number | null
  readonly delivered: number
  readonly servedThrough: string
  readonly state: Campaign['state']
  readonly endedAt: Date | null
}

export async function saveProgress(tx: Tx, campaignId: Id, to: Progress): Promise<void> {
  await sql`update rewards.campaigns set recipients = ${to.recipients}, delivered = ${to.delivered},
    served_through = ${to.servedThrough}, state = ${to.state}, ended_at = ${to.endedAt} where campaign_id = ${campaignId}`.execute(
    tx,
  )
}

/** Rids the next so many players of a campaign that expired before that time; false when there is no such campaign. */
export async function clearStretch(tx: Tx, expiredBefore: Date, limit: number): Promise<boolean> {
  const { rows } = await sql<{ campaign_id: Id; cleared_through: string }>`
    select campaign_id, cleared_through from rewards.campaigns
    where cleared_through is not null and expires_at < ${expiredBefore} and state <> 'sending'
    order by expires_at limit 1 for update skip locked`.execute(tx)
  const [campaign] = rows
  if (!campaign) return false
  const { campaign_id, cleared_through } = campaign
  const stretch = await sql<{ through: Id | null }>`select max(player_id) as through from (
    select player_id from rewards.players where player_id > ${cleared_through} order by player_id limit ${limit})`.execute(
    tx,
  )
  const through = stretch.rows[0]?.through ?? null
  await sql`delete from rewards.inbox
    where player_id > ${cleared_through} and player_id <= ${through} and campaign_id = ${campaign_id}`.execute(tx)
  await sql`update rewards.campaigns set cleared_through = ${through} where campaign_id = ${campaign_id}`.execute(tx)
  return true
}
