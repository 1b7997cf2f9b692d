import { useEffect, useState } from 'react'
import { client } from './client.ts'
import { often } from './often.ts'
import type { Queued } from './stage.ts'
import { Button } from './ui/button.tsx'
import { useEscape } from './ui/escape.ts'
import { Page } from './ui/page.tsx'

/** Who waits, how long, and when bots come. */
export function Queue({ status, onCancel }: { status: Queued; onCancel: () => void }) {
  const nowMs = useServerNow()
  useEscape(onCancel)
  const waitedS = Math.max(0, Math.floor((nowMs - Date.parse(status.since)) / 1_000))
  const botsInS = Math.max(0, Math.ceil((Date.parse(status.botsAt) - nowMs) / 1_000))
  const seats = Array.from({ length: Math.max(status.needed, status.seated) }, (_, index) => index < status.seated)
  return (
    <Page>
      <section data-testid="queue" className="mx-auto flex max-w-md flex-col items-center text-center">
        <h1 className="text-3xl font-bold tracking-tight">Looking for players</h1>
        <ul className="mt-10 flex gap-4" aria-hidden="true">
          {seats.map((isTaken, index) => (
            <li
              key={`seat-${index + 1}`}
              className={`size-12 rounded-full border-4 ${isTaken ? 'border-accent bg-accent' : 'motion-safe:animate-pulse border-dashed border-edge'}`}
            />
          ))}
        </ul>
        <p data-testid="queue-seats" aria-live="polite" className="mt-6 text-lg">
          {status.seated} of {status.needed} here
        </p>
        {/* Not live: a reader that counts seconds aloud is no help. */}
        <p data-testid="queue-bots" className="mt-1 text-soft tabular-nums">
          {botsInS > 0 ? `Bots take the free seats in ${botsInS} s` : 'Bots are taking their seats …'}
        </p>
        <p className="mt-1 text-sm text-soft tabular-nums">Waited {waitedS} s</p>
        <div className="mt-10">
          <Button look="quiet" data-testid="cancel" aria-keyshortcuts="Escape" onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </section>
    </Page>
  )
}

const TELL_EVERY_MS = 250

function useServerNow(): number {
  const [nowMs, setNowMs] = useState(() => client.serverNowMs())
  useEffect(() => often(TELL_EVERY_MS, () => setNowMs(client.serverNowMs())), [])
  return nowMs
}
