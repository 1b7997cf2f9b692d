import type { Id } from '@meydan/contracts/core'
import type { InboxMessage, Reward } from '@meydan/contracts/rewards'
import { sql } from 'kysely'
import type { Db, Tx } from './store.ts'

export interface InboxCounts {
  readonly unread: number
  readonly unclaimed: number
}

/** Of each of these players, also of those who have nothing. What has expired does not count. */
export async function countInboxes(db: Db, playerIds: readonly Id[], at: Date): Promise<Map<Id, InboxCounts>> {
  const { rows } = await sql<InboxCounts & { player_id: Id }>`
    select p.player_id, (count(*) filter (where c.campaign_id is not null and read_at is null))::integer as unread,
      (count(*) filter (where rewards <> '[]' and claimed_at is null))::integer as unclaimed
    from unnest(${playerIds}::bigint[]) as p (player_id)
    left join rewards.inbox as i on i.player_id = p.player_id
    left join rewards.campaigns as c on c.campaign_id = i.campaign_id and expires_at > ${at}
    group by p.player_id`.execute(db)
  return new Map(rows.map(({ player_id, unread, unclaimed }) => [player_id, { unread, unclaimed }]))
}

export async function countInbox(db: Db, playerId: Id, at: Date): Promise<InboxCounts> {
  const counts = await countInboxes(db, [playerId], at)
  return counts.get(playerId) ?? { unread: 0, unclaimed: 0 }
}

interface MessageRow {
  readonly campaign_id: Id
  readonly title: string
  readonly text: string
  readonly rewards: Reward[]
  readonly sent_at: Date
  readonly expires_at: Date
  readonly read_at: Date | null
  readonly claimed_at: Date | null
}

const messageColumns = sql`i.campaign_id, title, text, rewards, sent_at, expires_at, read_at, claimed_at`
const messages = sql`rewards.inbox as i join rewards.campaigns as c using (campaign_id)`

const messageOf = (row: MessageRow): InboxMessage => ({
  messageId: row.campaign_id,
  title: row.title,
  text: row.text,
  rewards: row.rewards,
  at: row.sent_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  readAt: row.read_at?.toISOString() ?? null,
  claimedAt: row.claimed_at?.toISOString() ?? null,
})

/** What has not expired, newest first (keyset pagination). */
export async function findMessages(
  db: Db,
  playerId: Id,
  { before, limit, at }: { before: Id | undefined; limit: number; at: Date },
): Promise<InboxMessage[]> {
  const older = before === undefined ? sql`` : sql`and i.campaign_id < ${before}`
  const { rows } = await sql<MessageRow>`select ${messageColumns} from ${messages}
    where player_id = ${playerId} and expires_at > ${at} ${older} order by i.campaign_id desc limit ${limit}`.execute(
    db,
  )
  return rows.map(messageOf)
}

/** Also one that has expired. */
export async function findMessage(db: Db, playerId: Id, messageId: Id): Promise<InboxMessage | undefined> {
  const { rows } = await sql<MessageRow>`select ${messageColumns} from ${messages}
    where player_id = ${playerId} and i.campaign_id = ${messageId}`.execute(db)
  return rows[0] && messageOf(rows[0])
}

/** The oldest that bring something, are not claimed and have not expired. */
export async function findUnclaimed(tx: Tx, playerId: Id, at: Date, limit: number): Promise<InboxMessage[]> {
  const { rows } = await sql<MessageRow>`select ${messageColumns} from ${messages}
    where player_id = ${playerId} and expires_at > ${at} and claimed_at is null and rewards <> '[]'
    order by i.campaign_id limit ${limit}`.execute(tx)
  return rows.map(messageOf)
}

export async function markClaimed(tx: Tx, playerId: Id, messageIds: readonly Id[], at: Date): Promise<void> {
  await sql`update rewards.inbox set claimed_at = ${at}, read_at = coalesce(read_at, ${at})
    where player_id = ${playerId} and campaign_id = any(${messageIds}::bigint[])`.execute(tx)
}

/** Up to this one; gives how many were unread. */
export async function markRead(db: Db, playerId: Id, upTo: Id, at: Date): Promise<number> {
  const { numAffectedRows = 0n } = await sql`update rewards.inbox set read_at = ${at}
    where player_id = ${playerId} and campaign_id <= ${upTo} and read_at is null`.execute(db)
  return Number(numAffectedRows)
}
