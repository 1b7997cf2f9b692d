import { core, type Id } from '@meydan/contracts/core'
import {
  FEEDBACK_LEFT,
  FEEDBACK_REVIEWED,
  FEEDBACK_UPDATED,
  type FeedbackEntry,
  type feedback,
  feedbackErrors,
} from '@meydan/contracts/feedback'
import type { CallContext, Handlers, Kit } from '@meydan/kernel/rpc'
import type { Called } from './module.ts'
import { countsOf, isReviewed, isSame, ownView, wordsOf } from './rules.ts'
import {
  countByState,
  type FeedbackRow,
  type FeedbackTables,
  type Filter,
  findByKey,
  findFeedback,
  insertFeedback,
  isForgotten,
  type Left,
  lockFeedback,
  saveReview,
} from './store.ts'

const UNKNOWN_NAME = 'Player'

type Wanted = Pick<Handlers<typeof feedback>, 'leave' | 'mine'>
type Staffed = Pick<Handlers<typeof feedback>, 'list' | 'counts' | 'review'>

export function feedbackHandlers(kit: Kit<Called>): Handlers<typeof feedback> {
  return { ...playersHandlers(kit), ...adminsHandlers(kit) }
}

function playersHandlers(kit: Kit<Called>): Wanted {
  const db = kit.db.tables<FeedbackTables>()
  return {
    async leave({ key, kind, text, rating, context }, { caller, traceparent }) {
      if (caller.actorId !== undefined) {
        throw core.FORBIDDEN({ message: 'Staff who entered an account for a check leave no feedback in its name.' })
      }
      const { playerId } = caller
      const at = new Date(kit.clock.now())
      const left: Left = { feedbackId: kit.nextId(), playerId, key, kind, text, rating: rating ?? null, context, at }
      const row = await kit.db.transaction<FeedbackTables, FeedbackRow>(async (tx) => {
        if (await isForgotten(tx, playerId)) throw core.UNAUTHENTICATED({ message: 'This account was deleted.' })
        const made = await insertFeedback(tx, left)
        if (!made) return knownByKey(tx, left)
        const told = { feedbackId: made.feedbackId, playerId, kind, at: at.toISOString() }
        await kit.events.publish(tx, FEEDBACK_LEFT, told, { traceparent })
        return made
      })
      return ownView(row)
    },

    async mine(page, { caller }) {
      const { rows, next } = await pageOf(db, { ...page, playerId: caller.playerId })
      return { feedback: rows.map(ownView), next }
    },
  }
}

/** What was left with the key before. Throws KEY_REUSED when that is something else. */
async function knownByKey(db: Parameters<typeof findByKey>[0], left: Left): Promise<FeedbackRow> {
  const known = await findByKey(db, left.playerId, left.key)
  if (!known || !isSame(known, left)) throw feedbackErrors.KEY_REUSED({ details: { field: 'key' } })
  return known
}

/** One more than asked for is looked up, so that the last page knows that it is. */
async function pageOf(
  db: Parameters<typeof findFeedback>[0],
  filter: Filter,
): Promise<{ rows: FeedbackRow[]; next: Id | null }> {
  const found = await findFeedback(db, { ...filter, limit: filter.limit + 1 })
  const rows = found.slice(0, filter.limit)
  return { rows, next: found.length > rows.length ? (rows.at(-1)?.feedbackId ?? null) : null }
}

/** Says what the other review decided, so that whoever comes second need not look for it. */
const meanwhile = ({ revision, state, answer }: FeedbackRow) =>
  feedbackErrors.REVIEWED_MEANWHILE({ details: { field: 'revision', current: { revision, state, answer } } })

function adminsHandlers(kit: Kit<Called>): Staffed {
  const db = kit.db.tables<FeedbackTables>()

  const entriesOf = async (rows: readonly FeedbackRow[], context: CallContext): Promise<FeedbackEntry[]> => {
    const playerIds = [...new Set(rows.map(({ playerId }) => playerId))]
    const { names } = playerIds.length > 0 ? await kit.call.players.names({ playerIds }, context) : { names: {} }
    const nameOf = new Map(Object.entries(names))
    return rows.map((row) => ({
      ...ownView(row),
      playerId: row.playerId,
      playerName: nameOf.get(row.playerId) ?? UNKNOWN_NAME,
      revision: row.revision,
      reviewedBy: row.reviewedBy,
      reviewedAt: row.reviewedAt?.toISOString() ?? null,
    }))
  }

  return {
    async list({ search = '', ...page }, context) {
      const words = wordsOf(search)
      // Marks alone are in no text that could be found; without this they would find everything.
      if (words.length === 0 && search !== '') return { feedback: [], next: null }
      const { rows, next } = await pageOf(db, { ...page, ...(words.length > 0 && { words }) })
      return { feedback: await entriesOf(rows, context), next }
    },

    async counts() {
      return { counts: countsOf(await countByState(db)) }
    },

    async review({ feedbackId, revision, state, answer }, context) {
      const reviewedBy = context.caller.playerId
      const at = new Date(kit.clock.now())
      const { row, changed } = await kit.db.transaction<FeedbackTables, { row: FeedbackRow; changed: boolean }>(
        async (tx) => {
          const seen = await lockFeedback(tx, feedbackId)
          if (!seen) throw feedbackErrors.UNKNOWN_FEEDBACK()
          // Asked again after a lost answer, or by two who agree: it is as it should be.
          if (isReviewed(seen, { state, answer })) return { row: seen, changed: false }
          if (seen.revision !== revision) throw meanwhile(seen)
          const saved = await saveReview(tx, seen, { state, answer }, reviewedBy, at)
          const told = { feedbackId, playerId: saved.playerId, reviewedBy, state, at: at.toISOString() }
          await kit.events.publish(tx, FEEDBACK_REVIEWED, told, { traceparent: context.traceparent })
          return { row: saved, changed: true }
        },
      )
      if (changed)
        await kit.topics.publish(`user:${row.playerId}`, FEEDBACK_UPDATED, { feedbackId, state, answer: row.answer })
      const [entry] = await entriesOf([row], context)
      if (!entry) throw new Error('one row makes one entry')
      return entry
    },
  }
}
