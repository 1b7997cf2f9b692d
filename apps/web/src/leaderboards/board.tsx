import type { Line, Period } from '@meydan/contracts/leaderboards'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { usePlayerId } from '../session.ts'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { Tabs } from '../ui/tabs.tsx'

const PERIODS = ['daily', 'weekly', 'all'] as const satisfies readonly Period[]
/** A match counts a moment after it has ended, and others play on. */
const READ_EVERY_MS = 5_000

interface BoardProps {
  readonly game: string
  /** How many lines of the best are shown. */
  readonly lines: number
}

/** The best of a period, and the player's own line. */
export function Board({ game, lines }: BoardProps) {
  const t = useText('boards')
  const [period, setPeriod] = useState<Period>('daily')
  return (
    <div data-testid="board">
      <Tabs
        label={t('period')}
        value={period}
        tabs={PERIODS.map((value) => ({ value, text: t(value) }))}
        onChange={setPeriod}
      >
        <Standings key={`${game} ${period}`} game={game} period={period} lines={lines} />
      </Tabs>
    </div>
  )
}

function Standings({ game, period, lines }: BoardProps & { readonly period: Period }) {
  const t = useText('boards')
  const isSignedIn = usePlayerId() !== null
  // Asked again soon anyway: no try in between.
  const often = { refetchInterval: READ_EVERY_MS, retry: false }
  const top = useQuery({ ...queries.top({ game, period, limit: lines }), ...often })
  const rank = useQuery({ ...queries.rank({ game, period }), ...often, enabled: isSignedIn })
  // What was read before is better than nothing.
  if (top.data) return <Lines lines={top.data.lines} mine={(isSignedIn && rank.data?.line) || null} />
  if (top.isError) return <p className="mt-4 text-sm text-warn">{t('unread')}</p>
  return (
    <div className="mt-3">
      <SkeletonLines count={Math.min(lines, 5)} />
    </div>
  )
}

function Lines({ lines, mine }: { readonly lines: readonly Line[]; readonly mine: Line | null }) {
  const t = useText('boards')
  if (lines.length === 0) return <p className="mt-4 text-sm text-soft">{t('empty')}</p>
  const isShown = lines.some(({ playerId }) => playerId === mine?.playerId)
  return (
    <>
      <ol className="mt-3 divide-y divide-line">
        {lines.map((line) => (
          <Row key={line.playerId} line={line} isMine={line.playerId === mine?.playerId} />
        ))}
      </ol>
      {mine && !isShown && (
        <ol className="mt-1 border-t-2 border-dashed border-line" start={mine.rank} data-testid="board-mine">
          <Row line={mine} isMine />
        </ol>
      )}
    </>
  )
}

function Row({ line, isMine }: { line: Line; isMine: boolean }) {
  const t = useText('boards')
  const { number } = useFormats()
  return (
    <li
      aria-current={isMine ? 'true' : undefined}
      className={`flex items-baseline gap-3 py-2 ${isMine ? 'font-semibold text-accent' : ''}`}
    >
      <span className={`w-7 text-right text-sm tabular-nums ${isMine ? '' : 'text-soft'}`}>{line.rank}</span>
      <span className="min-w-0 flex-1 truncate">{line.name}</span>
      {isMine && <span>{t('you')}</span>}
      <span className="tabular-nums">{number(line.score)}</span>
    </li>
  )
}
