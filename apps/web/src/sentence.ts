import { Fault } from '@meydan/contracts/core'

/** What to tell a player when something was refused or failed, and what helps. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Fault)) return 'Something went wrong. Please try again.'
  if (error.code === 'RATE_LIMITED') return `That was a lot at once. Please try again ${soon(error.retryAfterS)}.`
  if (error.code === 'UNAVAILABLE') return `The server cannot be reached. Please try again ${soon(error.retryAfterS)}.`
  return error.message
}

function soon(seconds: number | undefined): string {
  return seconds === undefined || seconds < 1 ? 'in a moment' : `in ${seconds} s`
}
