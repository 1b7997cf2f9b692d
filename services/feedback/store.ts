import type { Id } from '@meydan/contracts/core'
import type { FeedbackContext, FeedbackKind, FeedbackState } from '@meydan/contracts/feedback'
import { type Generated, type Kysely, sql, type Transaction } from 'kysely'

export interface FeedbackTables {
  feedback: {
    feedback_id: Id
    player_id: Id
    key: string
    kind: FeedbackKind
    text: string
    rating: number | null
    context: FeedbackContext
    left_at: Date
    state: Generated<FeedbackState>
    answer: string | null
    answered_at: Date | null
    revision: Generated<number>
    reviewed_by: Id | null
    reviewed_at: Date | null
  }
  forgotten: { player_id: Id }
}
export type Db = Kysely<FeedbackTables>
export type Tx = Transaction<FeedbackTables>

const columns = [
  'feedback_id as feedbackId',
  'player_id as playerId',
  'kind',
  'text',
  'rating',
  'context',
  'left_at as leftAt',
  'state',
  'answer',
  'answered_at as answeredAt',
  'revision',
  'reviewed_by as reviewedBy',
  'reviewed_at as reviewedAt',
] as const

export interface FeedbackRow {
  readonly feedbackId: Id
  readonly playerId: Id
  readonly kind: FeedbackKind
  readonly text: string
  readonly rating: number | null
  readonly context: FeedbackContext
  readonly leftAt: Date
  readonly state: FeedbackState
  readonly answer: string | null
  readonly answeredAt: Date | null
  readonly revision: number
  readonly reviewedBy: Id | null
  readonly reviewedAt: Date | null
}

export interface Left {
  readonly feedbackId: Id
  readonly playerId: Id
  readonly key: string
  readonly kind: FeedbackKind
  readonly text: string
  readonly rating: number | null
  readonly context: FeedbackContext
  readonly at: Date
}

/** Undefined when the player has used the key. Of two that come at once the second waits for the first. */
export function insertFeedback(tx: Tx, left: Left): Promise<FeedbackRow | undefined> {
  return tx
    .insertInto('feedback')
    .values({
      feedback_id: left.feedbackId,
      player_id: left.playerId,
      key: left.key,
      kind: left.kind,
      text: left.text,
      rating: left.rating,
      context: sql`${JSON.stringify(left.context)}::jsonb`,
      left_at: left.at,
    })
    .onConflict((conflict) => conflict.columns(['player_id', 'key']).doNothing())
    .returning(columns)
    .executeTakeFirst()
}

export function findByKey(db: Db, playerId: Id, key: string): Promise<FeedbackRow | undefined> {
  const query = db.selectFrom('feedback').select(columns).where('player_id', '=', playerId)
  return query.where('key', '=', key).executeTakeFirst()
}

export interface Filter {
  readonly playerId?: Id | undefined
  readonly state?: FeedbackState | undefined
  readonly kind?: FeedbackKind | undefined
  /** Each of them, or something that begins with it, has to be in the text or the answer. At least one. */
  readonly words?: readonly string[] | undefined
  readonly before?: Id | undefined
  readonly limit: number
}

/** Newest first (keyset pagination). */
export function findFeedback(db: Db, { playerId, state, kind, words, before, limit }: Filter): Promise<FeedbackRow[]> {
  let query = db.selectFrom('feedback').select(columns)
  if (playerId !== undefined) query = query.where('player_id', '=', playerId)
  if (state !== undefined) query = query.where('state', '=', state)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  if (words !== undefined) query = query.where(sql<boolean>`words @@ feedback.words_query(${words}::text[])`)
  if (before !== undefined) query = query.where('feedback_id', '<', before)
  return query.orderBy('feedback_id', 'desc').limit(limit).execute()
}

export async function countByState(db: Db): Promise<{ state: FeedbackState; count: number }[]> {
  const count = sql<number>`count(*)::integer`.as('count')
  return db.selectFrom('feedback').select(['state', count]).groupBy('state').execute()
}

/** The row, locked until the transaction ends: reviews of one feedback take turns. */
export function lockFeedback(tx: Tx, feedbackId: Id): Promise<FeedbackRow | undefined> {
  return tx.selectFrom('feedback').select(columns).where('feedback_id', '=', feedbackId).forUpdate().executeTakeFirst()
}

export interface Review {
  readonly state: FeedbackState
  /** Undefined: stays as it is. */
  readonly answer: string | null | undefined
}

export function saveReview(
  tx: Tx,
  row: FeedbackRow,
  { state, answer }: Review,
  by: Id,
  at: Date,
): Promise<FeedbackRow> {
  const answers = answer !== undefined && answer !== row.answer
  return tx
    .updateTable('feedback')
    .set({
      state,
      ...(answers && { answer, answered_at: answer === null ? null : at }),
      revision: row.revision + 1,
      reviewed_by: by,
      reviewed_at: at,
    })
    .where('feedback_id', '=', row.feedbackId)
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** What a player leaves and the deletion of the account take turns, until the transaction ends: neither overlooks the other. */
const lockName = (playerId: Id): string => `feedback.player.${playerId}`

export async function forgetPlayer(db: Db, playerId: Id): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${lockName(playerId)}, 0))`.execute(db)
  await db
    .insertInto('forgotten')
    .values({ player_id: playerId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await db.deleteFrom('feedback').where('player_id', '=', playerId).execute()
  await db.updateTable('feedback').set({ reviewed_by: null }).where('reviewed_by', '=', playerId).execute()
}

/** Whether the account was deleted; when it was not, it cannot be until the transaction ends. */
export async function isForgotten(tx: Tx, playerId: Id): Promise<boolean> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${lockName(playerId)}, 0))`.execute(tx)
  const row = await tx.selectFrom('forgotten').select('player_id').where('player_id', '=', playerId).executeTakeFirst()
  return row !== undefined
}
