import type { Placing } from '@meydan/contracts/matches'
import type { z } from 'zod'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { useCounted } from '../ui/counted.ts'

interface RatingProps {
  readonly placing: z.infer<typeof Placing> | undefined
  readonly state: 'reading' | 'known' | 'missing'
}

/** What the match did to the rating: told at once to whoever listens, and counted up before whoever looks. */
export function Rating({ placing, state }: RatingProps) {
  const t = useText('match')
  const { ratingBefore, ratingAfter } = placing ?? {}
  const isRated = typeof ratingBefore === 'number' && typeof ratingAfter === 'number'
  return (
    <div data-testid="rating" aria-live="polite" className="mt-4 grid min-h-24 place-items-center">
      {isRated && <Change before={Math.round(ratingBefore)} after={Math.round(ratingAfter)} />}
      {state === 'reading' && <p className="text-sm text-soft motion-safe:animate-pulse">{t('endRatingReading')}</p>}
      {state === 'missing' && <p className="text-sm text-soft">{t('endRatingMissing')}</p>}
    </div>
  )
}

function Change({ before, after }: { before: number; after: number }) {
  const t = useText('match')
  const { number, signed } = useFormats()
  const shown = useCounted(after, before)
  const change = signed(after - before)
  const look = after >= before ? 'bg-accent text-on-accent' : 'bg-line text-ink'
  return (
    <div className="text-center">
      <p className="sr-only">{t('endRatingChange', { before: number(before), after: number(after), change })}</p>
      <p aria-hidden="true" className="text-sm text-soft">
        {t('endRating')}
      </p>
      <p aria-hidden="true" className="mt-1 flex items-center justify-center gap-3 tabular-nums">
        <span className="text-lg text-soft">{number(before)}</span>
        <span className="text-soft">→</span>
        <span data-testid="rating-after" className="text-3xl font-bold">
          {number(shown)}
        </span>
        <span className={`rounded-full px-2.5 py-0.5 text-sm font-semibold ${look}`}>{change}</span>
      </p>
    </div>
  )
}
