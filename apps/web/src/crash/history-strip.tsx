import type { FinishedRound } from '@meydan/contracts/crash'
import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/i18n.ts'
import { multiplierColour, useMultiplierText } from './multiplier.tsx'

/** The rounds before, newest first; each leads to its proof. */
export function HistoryStrip({ history }: { history: readonly FinishedRound[] }) {
  const t = useText('crash')
  const textOf = useMultiplierText()
  if (history.length === 0) return <p className="flex min-h-12 items-center text-sm text-soft">{t('noHistory')}</p>
  return (
    <nav aria-label={t('history')} data-testid="history" className="min-w-0">
      <ol className="flex gap-2 overflow-x-auto overscroll-x-contain pb-1 [scrollbar-width:thin]">
        {history.map(({ roundId, multiplier }) => (
          <li key={roundId} className="shrink-0">
            <Link
              to="/crash/rounds/$roundId"
              params={{ roundId }}
              data-testid="past-round"
              className={`flex min-h-11 min-w-16 items-center justify-center rounded-xl border bg-card px-3 text-sm font-semibold tabular-nums ${multiplierColour(multiplier)}`}
            >
              {textOf(multiplier)}
            </Link>
          </li>
        ))}
      </ol>
    </nav>
  )
}
