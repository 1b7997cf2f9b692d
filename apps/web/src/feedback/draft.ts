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

/**
 * The key under which feedback is left. The same feedback keeps its key, so that trying again after a lost answer, or a second
 * press, leaves it once; what was changed since is other feedback, and has another key.
 */
export class Keys {
  #content = ''
  #key = ''
  readonly #make: () => string

  constructor(make: () => string) {
    this.#make = make
  }

  of(left: Left): string {
    const content = JSON.stringify([left.kind, left.text.trim(), left.rating, left.context])
    if (content !== this.#content) this.#key = this.#make()
    this.#content = content
    return this.#key
  }

  /** It has arrived: the same words again are meant. */
  forget(): void {
    this.#content = ''
  }
}

const KEY_BYTES = 16

/** Not `randomUUID`, which is not there on plain http. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
