import type { LobbySettings } from '@meydan/contracts/crash'
import type { z } from 'zod'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { useMultiplierText } from './multiplier.tsx'
import type { RoundState } from './state.ts'

const SECOND_MS = 1_000
const DECIMALS = 2

interface NarratorProps {
  readonly round: RoundState | null
  readonly settings: z.infer<typeof LobbySettings>
}

/** Tells who listens what phase it is, and what became of the own bet: a sentence each, not a number each tick. */
export function Narrator({ round, settings }: NarratorProps) {
  return (
    <p role="status" aria-live="polite" data-testid="narrator" className="sr-only">
      {useSentence(round, settings)}
    </p>
  )
}

function useSentence(round: RoundState | null, settings: z.infer<typeof LobbySettings>): string {
  const t = useText('crash')
  const { money } = useFormats()
  const textOf = useMultiplierText()
  if (!round) return ''
  const { phase, crashedAt, isInterrupted, mine } = round
  if (phase === 'waiting') return t('waitingForBet')
  if (phase === 'betting') return t('saysBetting', { seconds: Math.round(settings.bettingMs / SECOND_MS) })
  const own =
    mine?.state === 'won'
      ? t('won', { multiplier: textOf(mine.multiplier ?? 0), payout: money(mine.payout, DECIMALS) })
      : ''
  if (phase === 'rising') return own || t('saysRising')
  const lost = mine?.state === 'lost' ? t('lost', { amount: money(mine.amount, DECIMALS) }) : ''
  return [
    isInterrupted ? t('interrupted') : t('saysCrashed', { multiplier: textOf(crashedAt ?? 0) }),
    own || lost,
  ].join(' ')
}
