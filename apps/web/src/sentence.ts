import { Fault } from '@meydan/contracts/core'
import { i18n } from './i18n/i18n.ts'
import { en, type PlainKey } from './i18n/texts.ts'

function isTold(code: string): code is PlainKey<'faults'> {
  return Object.hasOwn(en.faults, code) && code !== 'againIn'
}

/** After these, waiting helps. */
const PASSING: ReadonlySet<string> = new Set([
  'RATE_LIMITED',
  'ROOMS_FULL',
  'LOBBY_MOVING',
  'UNAVAILABLE',
  'VERSION_MISMATCH',
])

/** What to tell a player when something was refused or failed, and what helps. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Fault)) return i18n.t('faults:unknown')
  const { code, retryAfterS, message } = error
  // A newer server may refuse for reasons of its own.
  if (!isTold(code)) return message
  return PASSING.has(code) ? `${i18n.t(`faults:${code}`)} ${soon(retryAfterS)}` : i18n.t(`faults:${code}`)
}

function soon(seconds: number | undefined): string {
  return seconds === undefined || seconds < 1 ? i18n.t('faults:againSoon') : i18n.t('faults:againIn', { seconds })
}
