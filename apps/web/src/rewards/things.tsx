import type { Belongings } from '@meydan/contracts/rewards'
import type { z } from 'zod'
import { lengthOf } from '../history/reading.ts'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { useNow } from '../ui/now.ts'
import { nameOf } from './words.ts'

type Owned = z.infer<typeof Belongings>

const SECOND_MS = 1_000

/** Boosters that run, with the time they still have. */
export function Boosters({ boosters }: Pick<Owned, 'boosters'>) {
  const t = useText('rewards')
  const { number } = useFormats()
  const nowMs = useNow(SECOND_MS)
  const running = boosters.filter(({ endsAt }) => Date.parse(endsAt) > nowMs)
  return (
    <section aria-labelledby="boosters-title">
      <h2 id="boosters-title" className="mb-3 text-xl font-semibold">
        {t('boosters')}
      </h2>
      {running.length === 0 && <p className="text-soft">{t('noBoosters')}</p>}
      <ul className="grid gap-3 sm:grid-cols-2">
        {running.map(({ type, factor, endsAt }) => (
          <li
            key={`${type}-${endsAt}`}
            data-testid="booster"
            className="flex items-center gap-3 rounded-2xl border border-line bg-card px-4 py-3"
          >
            <Icon name="bolt" className="size-7 text-accent" />
            <span className="min-w-0 flex-1 font-semibold">{t('boosterOf', { factor: number(factor) })}</span>
            <span role="timer" className="text-lg font-semibold tabular-nums">
              <span className="sr-only">{t('left')} </span>
              {lengthOf({ startedAt: new Date(nowMs).toISOString(), endedAt: endsAt })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Things the player owns. */
export function Items({ items }: Pick<Owned, 'items'>) {
  const t = useText('rewards')
  const { number } = useFormats()
  return (
    <section aria-labelledby="items-title">
      <h2 id="items-title" className="mb-3 text-xl font-semibold">
        {t('items')}
      </h2>
      {items.length === 0 && <p className="text-soft">{t('noItems')}</p>}
      <ul className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        {items.map(({ type, amount }) => (
          <li
            key={type}
            data-testid="item"
            className="flex flex-col items-center gap-1 rounded-2xl border border-line bg-card px-3 py-5 text-center"
          >
            <Icon name="chest" className="size-9 text-accent" />
            <span className="mt-1 max-w-full font-semibold wrap-anywhere capitalize">
              {type === 'chest' ? t('chest') : nameOf(type)}
            </span>
            <span className="text-sm text-soft tabular-nums">× {number(amount)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
