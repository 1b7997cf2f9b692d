import { isDeepStrictEqual } from 'node:util'
import { FEEDBACK_STATES, type Feedback, type FeedbackState } from '@meydan/contracts/feedback'
import type { FeedbackRow, Left, Review } from './store.ts'

/** Words of a search that are looked for; the others are not. */
const WORDS_MAX = 8
const WORD = /[\p{L}\p{M}\p{N}]+/gu

/** The words of what an admin typed: letters and digits only, so that nothing in it is an operator of a text search. */
export function wordsOf(search: string): string[] {
  return search.match(WORD)?.slice(0, WORDS_MAX) ?? []
}

/** Whether leaving it again is the same press of the button, and not other feedback with a key that was used. */
export function isSame(row: FeedbackRow, left: Left): boolean {
  return (
    row.kind === left.kind &&
    row.text === left.text &&
    row.rating === left.rating &&
    isDeepStrictEqual(row.context, left.context)
  )
}

/** Whether the row says already what a review would have it say. */
export function isReviewed(row: FeedbackRow, { state, answer }: Review): boolean {
  return row.state === state && (answer === undefined || row.answer === answer)
}

/** Every state has a number, also one that nothing is in. */
export function countsOf(rows: readonly { state: FeedbackState; count: number }[]): Record<FeedbackState, number> {
  const found = new Map(rows.map(({ state, count }) => [state, count]))
  const [fresh, read, planned, done, declined] = FEEDBACK_STATES.map((state) => found.get(state) ?? 0)
  return { new: fresh ?? 0, read: read ?? 0, planned: planned ?? 0, done: done ?? 0, declined: declined ?? 0 }
}

/** What the player sees of it. */
export function ownView(row: FeedbackRow): Feedback {
  return {
    feedbackId: row.feedbackId,
    kind: row.kind,
    text: row.text,
    rating: row.rating,
    context: row.context,
    state: row.state,
    answer: row.answer,
    answeredAt: row.answeredAt?.toISOString() ?? null,
    at: row.leftAt.toISOString(),
  }
}
