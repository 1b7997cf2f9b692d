import { useEffect, useState } from 'react'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { often } from '../often.ts'
import type { Queued } from '../stage.ts'
import { Button } from '../ui/button.tsx'
import { useEscape } from '../ui/escape.ts'
import { usePageTitle } from '../ui/page-title.ts'

/** Who waits, how long, and when bots come. */
export function Queue({ status, onCancel }: { status: Queued; onCancel: () => void }) {
  const t = useText('play')
  usePageTitle(t('titleQueue'))
  const nowMs = useServerNow()
  useEscape(onCancel)
  const waitedS = Math.max(0, Math.floor((nowMs - Date.parse(status.since)) / 1_000))
  const botsInS = Math.max(0, Math.ceil((Date.parse(status.botsAt) - nowMs) / 1_000))
  const seats = Array.from({ length: Math.max(status.needed, status.seated) }, (_, index) => index < status.seated)
  return (
    <section data-testid="queue" className="m-auto flex max-w-md flex-col items-center text-center">
      <h1 className="text-3xl font-bold tracking-tight">{t('queueTitle')}</h1>
      <ul className="mt-10 flex gap-4" aria-hidden="true">
        {seats.map((isTaken, index) => (
          <li
            key={`seat-${index + 1}`}
            className={`size-12 rounded-full border-4 ${isTaken ? 'border-accent bg-accent' : 'motion-safe:animate-pulse border-dashed border-edge'}`}
          />
        ))}
      </ul>
      <p data-testid="queue-seats" aria-live="polite" className="mt-6 text-lg">
        {t('queueSeats', { seated: status.seated, needed: status.needed })}
      </p>
      {/* Not live: a reader that counts seconds aloud is no help. */}
      <p data-testid="queue-bots" className="mt-1 text-soft tabular-nums">
        {botsInS > 0 ? t('queueBots', { seconds: botsInS }) : t('queueBotsNow')}
      </p>
      <p className="mt-1 text-sm text-soft tabular-nums">{t('queueWaited', { seconds: waitedS })}</p>
      <div className="mt-10">
        <Button look="quiet" data-testid="cancel" aria-keyshortcuts="Escape" onClick={onCancel}>
          {t('cancel')}
        </Button>
      </div>
    </section>
  )
}

const TELL_EVERY_MS = 250

function useServerNow(): number {
  const [nowMs, setNowMs] = useState(() => client.serverNowMs())
  useEffect(() => often(TELL_EVERY_MS, () => setNowMs(client.serverNowMs())), [])
  return nowMs
}
