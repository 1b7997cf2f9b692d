import type { State } from '@meydan/sdk'

/** Says that the connection is away; it comes back by itself. */
export function Banner({ connection }: { connection: State }) {
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 top-14 z-10 flex justify-center sm:top-16"
    >
      {connection === 'reconnecting' && (
        <p data-testid="banner" className="mt-3 rounded-full bg-ink px-4 py-2 text-sm text-paper shadow">
          Connection lost. Coming back …
        </p>
      )}
    </div>
  )
}
