import type { State } from '@meydan/sdk'
import { useText } from '../i18n/i18n.ts'

/** Says that the connection is away; it comes back by itself. At the bottom, where neither scores nor thumbs are. */
export function Banner({ connection }: { connection: State }) {
  const t = useText('frame')
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-2 z-10 flex justify-center sm:bottom-6"
    >
      {connection === 'reconnecting' && (
        <p data-testid="banner" className="rounded-full border border-warn bg-card px-4 py-2 text-sm text-warn shadow">
          {t('connectionLost')}
        </p>
      )}
    </div>
  )
}
