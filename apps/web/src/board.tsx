import type { Line, Period } from '@meydan/contracts/leaderboards'
import { useEffect, useState } from 'react'
import { client, game } from './client.ts'

const PERIODS: readonly { readonly period: Period; readonly label: string }[] = [
  { period: 'daily', label: 'Today' },
  { period: 'weekly', label: 'This week' },
  { period: 'all', label: 'All time' },
]

/** The best ten of a period, and the player's own line. */
export function Board() {
  const [period, setPeriod] = useState<Period>('daily')
  const lines = useLines(period)
  return (
    <section aria-labelledby="board-title" data-testid="board" className="rounded-2xl border border-line bg-card p-5">
      <h2 id="board-title" className="text-lg font-semibold">
        Leaderboard
      </h2>
      <div className="mt-3 flex gap-2">
        {PERIODS.map((each) => (
          <button
            key={each.period}
            type="button"
            data-testid={`board-${each.period}`}
            aria-pressed={each.period === period}
            onClick={() => setPeriod(each.period)}
            className="min-h-9 cursor-pointer rounded-lg px-3 text-sm text-soft aria-pressed:bg-paper aria-pressed:font-semibold aria-pressed:text-ink"
          >
            {each.label}
          </button>
        ))}
      </div>
      <Lines lines={lines} />
    </section>
  )
}

function Lines({ lines }: { lines: readonly Line[] | null }) {
  if (lines === null) return <p className="mt-4 text-sm text-soft">Loading …</p>
  if (lines.length === 0)
    return <p className="mt-4 text-sm text-soft">Nobody has played yet. The first place is free.</p>
  const mine = client.player?.playerId
  return (
    <ol className="mt-4 divide-y divide-line">
      {lines.map((line) => (
        <li
          key={line.playerId}
          className={`flex items-baseline gap-3 py-2 ${line.playerId === mine ? 'font-semibold text-accent' : ''}`}
        >
          <span className="w-7 text-right text-sm text-soft tabular-nums">{line.rank}</span>
          <span className="flex-1 truncate">{line.name}</span>
          <span className="tabular-nums">{line.score}</span>
        </li>
      ))}
    </ol>
  )
}

function useLines(period: Period): readonly Line[] | null {
  const [lines, setLines] = useState<readonly Line[] | null>(null)
  useEffect(() => {
    let isCurrent = true
    const show = (found: readonly Line[]): void => {
      if (isCurrent) setLines(found)
    }
    client.call.leaderboards
      .top({ game: game?.name ?? 'arena', period, limit: 10 })
      .then((found) => show(found.lines))
      .catch((error: unknown) => {
        console.info('the leaderboard could not be read', error)
        show([])
      })
    return () => {
      isCurrent = false
    }
  }, [period])
  return lines
}
