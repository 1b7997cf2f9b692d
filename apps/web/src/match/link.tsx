import type { Play } from '@meydan/sdk'
import { useEffect, useId, useState } from 'react'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { often } from '../often.ts'
import { type Quality, qualityOf } from './quality.ts'

const LOOK_EVERY_MS = 1_000

/** A room as its line is measured. */
export type Measured = Pick<Play<unknown>, 'quality'>

/** Whoever plays or watches; there is nothing to measure until the room is open. */
interface Holder {
  readonly play: Measured | undefined
}

interface Link {
  readonly isOpen: boolean
  readonly rttMs: number
  readonly jitterMs: number
  readonly perSecond: number
  readonly behindMs: number
}

/** How good the line is: bars and a number, and what they are made of for whoever asks. */
export function LinkMark({ of, tick }: { of: Holder; tick: number }) {
  const t = useText('match')
  const link = useLink(of)
  const [isShown, setIsShown] = useState(false)
  const details = useId()
  const quality = link.isOpen ? qualityOf(link.rttMs, link.jitterMs) : 'poor'
  return (
    <div className="relative">
      <button
        type="button"
        data-testid="hud-ping"
        aria-expanded={isShown}
        aria-controls={details}
        aria-label={`${t('linkDetails')}: ${link.isOpen ? `${t(QUALITY_TEXTS[quality])}, ${link.rttMs} ms` : t('linkOffline')}`}
        onClick={() => setIsShown(!isShown)}
        className="flex min-h-11 min-w-11 cursor-pointer items-center gap-1.5 rounded-lg bg-black/35 px-2 text-xs whitespace-nowrap tabular-nums hover:bg-black/60"
      >
        <Bars quality={quality} />
        {link.isOpen ? `${link.rttMs} ms` : t('linkOffline')}
      </button>
      <dl
        id={details}
        hidden={!isShown}
        data-testid="hud-link"
        className="absolute top-full right-0 mt-1 w-max max-w-[calc(100vw-1.5rem)] rounded-xl bg-black/85 px-4 py-3 text-xs tabular-nums [&:not([hidden])]:grid [&:not([hidden])]:grid-cols-[auto_auto] [&:not([hidden])]:gap-x-4 [&:not([hidden])]:gap-y-1"
      >
        <Detail name={t('linkRtt')} value={`${link.rttMs} ms`} />
        <Detail name={t('linkJitter')} value={`${link.jitterMs} ms`} />
        <Detail name={t('linkRate')} value={t('linkPerSecond', { count: link.perSecond })} />
        <Detail name={t('linkBehind')} value={t('linkBehindBy', { ms: link.behindMs })} />
        <Detail name={t('linkTick')} value={String(tick)} />
      </dl>
    </div>
  )
}

function Detail({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="text-white/75">{name}</dt>
      <dd className="text-right font-semibold">{value}</dd>
    </>
  )
}

const QUALITY_TEXTS = { good: 'linkGood', fair: 'linkFair', poor: 'linkPoor' } as const
const FILLED: Readonly<Record<Quality, number>> = { good: 3, fair: 2, poor: 1 }
const COLOURS: Readonly<Record<Quality, string>> = {
  good: 'fill-green-300',
  fair: 'fill-amber-300',
  poor: 'fill-red-400',
}

/** Told apart by how many are filled before by colour. */
function Bars({ quality }: { quality: Quality }) {
  return (
    <svg viewBox="0 0 14 12" aria-hidden="true" data-quality={quality} className="h-3 w-3.5">
      {[0, 1, 2].map((bar) => (
        <rect
          key={bar}
          x={bar * 5}
          y={8 - bar * 4}
          width="4"
          height={4 + bar * 4}
          rx="1"
          className={bar < FILLED[quality] ? COLOURS[quality] : 'fill-white/25'}
        />
      ))}
    </svg>
  )
}

function useLink(of: Holder): Link {
  const [link, setLink] = useState<Link>({ isOpen: true, rttMs: 0, jitterMs: 0, perSecond: 0, behindMs: 0 })
  useEffect(() => {
    const look = (): void => {
      const measured = of.play?.quality(performance.now())
      setLink({
        isOpen: client.state === 'open',
        rttMs: Math.round(client.rttMs),
        jitterMs: Math.round(client.jitterMs),
        perSecond: Math.round(measured?.snapshotsPerS ?? 0),
        behindMs: Math.round(measured?.delayMs ?? 0),
      })
    }
    look()
    return often(LOOK_EVERY_MS, look)
  }, [of])
  return link
}
