import { z } from 'zod'

/** False for what no UTF-8 store keeps: NUL, which Postgres refuses in text, and lone surrogates, which UTF-8 cannot say. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/**
 * Text that every store can keep as it is. Use it for each free text of an input, with a length of its own:
 * what it lets through never becomes a database error.
 */
export const Text = z.string().refine(isStorable, 'no NUL characters and no lone surrogates')

/** Control characters, surrogates without a partner, and the marks that turn the reading direction of what follows. */
const DISRUPTIVE = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** What others see a player as. */
export const DisplayName = z
  .string()
  .trim()
  .min(1)
  .max(32)
  .regex(DISRUPTIVE, 'no control characters')
  .regex(VISIBLE, 'at least one visible character')
