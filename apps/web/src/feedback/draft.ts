import { FEEDBACK_TEXT_MAX, type FeedbackContext, type FeedbackKind } from '@meydan/contracts/feedback'

/** What a player has filled in so far. */
export interface Draft {
  readonly kind: FeedbackKind
  readonly text: string
  /** Null: no stars given. */
  readonly rating: number | null
}

export const BLANK: Draft = { kind: 'bug', text: '', rating: null }

/** Code points that may still be written; below zero, how many are too many. */
export function roomLeft(text: string): number {
  return FEEDBACK_TEXT_MAX - [...text.trim()].length
}

export interface Left extends Draft {
  readonly context: FeedbackContext
}

/** What makes feedback the same feedback: leaving it twice leaves it once. */
export function contentOf(left: Left): string {
  return JSON.stringify([left.kind, left.text.trim(), left.rating, left.context])
}
