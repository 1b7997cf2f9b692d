import { Link, useLocation } from '@tanstack/react-router'
import { useText } from '../i18n/i18n.ts'
import { useStage } from '../stage-provider.tsx'
import { Button, buttonLook } from '../ui/button.tsx'

/** Follows who waits for a match and looks around meanwhile. */
export function QueueBar() {
  const t = useText('frame')
  const { stage, cancel } = useStage()
  const { pathname } = useLocation()
  if (stage.name !== 'queued' || pathname === '/') return null
  const { seated, needed } = stage.status
  return (
    <div className="pointer-events-none flex justify-center px-3 pb-3">
      <section
        data-testid="queue-bar"
        aria-label={t('play')}
        className="pointer-events-auto flex w-full max-w-xl items-center gap-2 rounded-2xl border border-accent bg-card py-1.5 pr-1.5 pl-4 shadow-lg"
      >
        <p aria-live="polite" className="min-w-0 flex-1 text-sm">
          {t('queueBar', { seated, needed })}
        </p>
        <Button look="plain" size="small" data-testid="queue-bar-cancel" onClick={cancel}>
          {t('cancel')}
        </Button>
        <Link to="/" className={buttonLook('primary', 'small')}>
          {t('queueOpen')}
        </Link>
      </section>
    </div>
  )
}
