import { type Language, useLanguage } from '../i18n/i18n.ts'

const UNITS: readonly { readonly unit: Intl.RelativeTimeFormatUnit; readonly ms: number }[] = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
]
const RELATIVE_MS_MAX = 7 * 86_400_000

/** A time from now in words: `in 3 hours`, `3 hours ago`. */
export function inWords(fromNowMs: number, language: Language): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const fitting = UNITS.find(({ ms }) => Math.abs(fromNowMs) >= ms)
  return fitting ? format.format(Math.trunc(fromNowMs / fitting.ms), fitting.unit) : format.format(0, 'second')
}

/** `3 hours ago`, and from a week on the date. */
function agoOf(atMs: number, nowMs: number, language: Language): string {
  const isLongAgo = nowMs - atMs >= RELATIVE_MS_MAX
  if (isLongAgo) return new Date(atMs).toLocaleDateString(language, { dateStyle: 'medium' })
  // Clocks differ: what has just happened there is not in the future here.
  return inWords(Math.min(0, atMs - nowMs), language)
}

/** When something was, in words; the exact moment for who points at it. */
export function When({ at }: { at: string }) {
  const language = useLanguage()
  const exact = new Date(at).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <time dateTime={at} title={exact} className="whitespace-nowrap">
      {agoOf(Date.parse(at), Date.now(), language)}
    </time>
  )
}
