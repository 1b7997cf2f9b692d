import { useId } from 'react'
import { useText } from '../i18n/i18n.ts'

const STARS = [1, 2, 3, 4, 5] as const
const STAR = 'M12 2.6l2.9 5.9 6.5.9-4.7 4.6 1.1 6.5-5.8-3.1-5.8 3.1 1.1-6.5L2.6 9.4l6.5-.9z'

interface StarsProps {
  readonly value: number | null
  readonly onChange: (value: number | null) => void
}

/** A rating from one to five, or none: radio buttons under stars, so arrow keys and readers know them. */
export function Stars({ value, onChange }: StarsProps) {
  const t = useText('feedback')
  const name = useId()
  return (
    <fieldset>
      <legend className="text-sm text-soft">
        {t('rating')} ({t('optional')})
      </legend>
      <div className="mt-1 flex flex-wrap items-center">
        {STARS.map((star) => (
          <label
            key={star}
            data-testid={`star-${star}`}
            className="relative grid size-11 place-items-center rounded-lg has-focus-visible:outline-3 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              aria-label={t('stars', { count: star })}
              checked={value === star}
              onChange={() => onChange(star)}
              className="absolute inset-0 size-full cursor-pointer opacity-0"
            />
            <Star isFull={value !== null && star <= value} className="size-7" />
          </label>
        ))}
        {value !== null && (
          <button
            type="button"
            onClick={() => onChange(null)}
            className="min-h-11 cursor-pointer px-3 text-sm text-soft underline hover:text-ink"
          >
            {t('noRating')}
          </button>
        )}
      </div>
    </fieldset>
  )
}

/** A rating that was given. */
export function Given({ rating }: { rating: number }) {
  const t = useText('feedback')
  return (
    <span role="img" aria-label={t('stars', { count: rating })} className="flex">
      {STARS.map((star) => (
        <Star key={star} isFull={star <= rating} className="size-4" />
      ))}
    </span>
  )
}

function Star({ isFull, className }: { isFull: boolean; className: string }) {
  const look = isFull ? 'fill-accent stroke-accent' : 'fill-none stroke-edge'
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={`${className} ${look}`}
      strokeWidth="1.6"
      strokeLinejoin="round"
    >
      <path d={STAR} />
    </svg>
  )
}
