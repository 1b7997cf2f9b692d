import { useText } from '../i18n/i18n.ts'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/states.tsx'

/** It could not be read, for whatever reason: the sentence for it, and how to try again. */
export function Unread({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  return <ErrorState title={sentenceOf(error)} onAgain={onAgain} />
}

/** Cards that are on their way, as high as they will be. */
export function SkeletonCards({ count, className = 'h-28' }: { count: number; className?: string }) {
  const t = useText('frame')
  return (
    <div role="status" className="flex flex-col gap-3">
      <span className="sr-only">{t('loading')}</span>
      {Array.from({ length: count }, (_, card) => (
        <div
          key={`card-${card + 1}`}
          aria-hidden="true"
          className={`rounded-2xl border border-line bg-card motion-safe:animate-pulse ${className}`}
        />
      ))}
    </div>
  )
}

interface MoreProps {
  readonly hasMore: boolean
  readonly isLoading: boolean
  readonly onMore: () => void
}

/** The way to the following page of a list. */
export function More({ hasMore, isLoading, onMore }: MoreProps) {
  const t = useText('people')
  const frame = useText('frame')
  if (!hasMore) return null
  return (
    <div className="mt-4 flex justify-center">
      <Button look="quiet" size="small" data-testid="more" disabled={isLoading} onClick={onMore}>
        {isLoading ? frame('loading') : t('more')}
      </Button>
    </div>
  )
}
