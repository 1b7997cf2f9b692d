import type { State } from '@meydan/sdk'

/** Says that the connection is away; it comes back by itself. At the bottom, where neither scores nor thumbs are. */
export function Banner({ connection }: { connection: State }) {
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-2 z-10 flex justify-center sm:bottom-6"
    >
      {connection === 'reconnecting' && (
        <p data-testid="banner" className="rounded-full border border-warn bg-card px-4 py-2 text-sm text-warn shadow">
          Connection lost. Coming back …
        </p>
      )}
    </div>
  )
}
