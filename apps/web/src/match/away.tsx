import { useEffect, useState } from 'react'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'

/** How long it is said that the line is back. */
const BACK_MS = 2_500

/** Says on the match itself that the line is away, and when it is back: what is on the field stands still meanwhile. */
export function Away({ hint }: { hint: string }) {
  const t = useText('match')
  const line = useLine()
  return (
    <div role="status" aria-live="polite" className="pointer-events-none absolute inset-0">
      {line === 'away' && (
        <div data-testid="banner" className="grid size-full place-items-center bg-black/60 p-4">
          <div className="flex flex-col items-center gap-2 rounded-2xl bg-black/70 px-6 py-5 text-center">
            <span
              aria-hidden="true"
              className="size-6 rounded-full border-3 border-white/30 border-t-white motion-safe:animate-spin"
            />
            <p className="text-lg font-semibold">{t('away')}</p>
            <p className="max-w-64 text-sm text-balance text-white/90">{hint}</p>
          </div>
        </div>
      )}
      {line === 'back' && (
        <p
          data-testid="line-back"
          className="absolute bottom-4 left-1/2 -translate-x-1/2 rounded-full bg-black/75 px-4 py-2 text-sm font-semibold whitespace-nowrap"
        >
          <span aria-hidden="true" className="mr-2 inline-block size-2 rounded-full bg-green-300" />
          {t('back')}
        </p>
      )}
    </div>
  )
}

function useLine(): 'open' | 'away' | 'back' {
  const [line, setLine] = useState<'open' | 'away' | 'back'>(client.state === 'reconnecting' ? 'away' : 'open')
  useEffect(
    () =>
      client.onState((state) => {
        if (state === 'reconnecting') setLine('away')
        else if (state === 'open') setLine((before) => (before === 'away' ? 'back' : before))
      }),
    [],
  )
  useEffect(() => {
    if (line !== 'back') return
    const timer = setTimeout(() => setLine('open'), BACK_MS)
    return () => clearTimeout(timer)
  }, [line])
  return line
}
