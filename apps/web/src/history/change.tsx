import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { type Placing, ratingChange } from './reading.ts'

/** What a match did to a rating: with its sign, since colour alone says nothing to some. Nothing for a bot. */
export function Change({ placing }: { placing: Placing }) {
  const t = useText('history')
  const { signed } = useFormats()
  const change = ratingChange(placing)
  if (change === null) return null
  return (
    <span data-testid="change" className={change > 0 ? 'text-accent' : change < 0 ? 'text-warn' : ''}>
      {t('ratingChange', { change: signed(change) })}
    </span>
  )
}
