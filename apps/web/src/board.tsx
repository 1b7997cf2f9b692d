import type { Line, Period } from '@meydan/contracts/leaderboards'
import { useEffect, useState } from 'react'
import { client, game } from './client.ts'
import { often } from './often.ts'

const PERIODS: readonly { readonly period: Period; readonly label: string }[] = [
  { period: 'daily', label: 'Today' },
  { period: 'weekly', label: 'This week' },
  { period: 'all', label: 'All time' },
]
const LINES_SHOWN = 10
/** A match counts a moment after it has ended, and others play on. */
const READ_EVERY_MS = 5_000

interface Standings {
  readonly lines: readonly Line[]
  /** The player's own line; null before a first match in the period. */
  readonly mine: Line | null
}
type Read = 'loading' | 'failed' | Standings

/** The best ten of a period, and the player's own line. */
export function Board() {
  const [period, setPeriod] = useState<Period>('daily')
  return (
    <section aria-labelledby="board-title" data-testid="board" className="rounded-2xl border border-line bg-card p-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id="board-title" className="text-lg font-semibold">
          Leaderboard
        </h2>
        <fieldset className="flex gap-1 rounded-lg bg-paper p-1">
          <legend className="sr-only">Period</legend>
          {PERIODS.map((each) => (
            <button
              key={each.period}
              type="button"
              data-testid={`board-${each.period}`}
              aria-pressed={each.period === period}
              onClick={() => setPeriod(each.period)}
              className="min-h-11 cursor-pointer rounded-md px-2.5 text-sm text-soft hover:text-ink aria-pressed:bg-card aria-pressed:font-semibold aria-pressed:text-ink aria-pressed:shadow-sm"
            >
              {each.label}
            </button>
          ))}
        </fieldset>
      </div>
      <Reading key={period} period={period} />
    </section>
  )
}

function Reading({ period }: { period: Period }) {
  const reading = useStandings(period)
  if (reading === 'loading') return <p className="mt-4 text-sm text-soft">Loading …</p>
  if (reading === 'failed') {
    return <p className="mt-4 text-sm text-warn">The leaderboard cannot be read right now. Trying again …</p>
  }
  return <Lines {...reading} />
}

function Lines({ lines, mine }: Standings) {
  if (lines.length === 0)
    return <p className="mt-4 text-sm text-soft">Nobody has played yet. The first place is free.</p>
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
  return (
    <li
      aria-current={isMine ? 'true' : undefined}
      className={`flex items-baseline gap-3 py-2 ${isMine ? 'font-semibold text-accent' : ''}`}
    >
      <span className={`w-7 text-right text-sm tabular-nums ${isMine ? '' : 'text-soft'}`}>{line.rank}</span>
      <span className="min-w-0 flex-1 truncate">{line.name}</span>
      {isMine && <span>you</span>}
      <span className="tabular-nums">{line.score.toLocaleString('en')}</span>
    </li>
  )
}

function useStandings(period: Period): Read {
  const [reading, setReading] = useState<Read>('loading')
  useEffect(() => {
    let isCurrent = true
    const look = async (): Promise<void> => {
      if (document.hidden) return
      try {
        const standings = await read(period)
        if (isCurrent) setReading(standings)
      } catch (error) {
        console.info('the leaderboard could not be read', error)
        // What was read before is better than nothing.
        if (isCurrent) setReading((before) => (typeof before === 'object' ? before : 'failed'))
      }
    }
    void look()
    const stop = often(READ_EVERY_MS, () => void look())
    return () => {
      isCurrent = false
      stop()
    }
  }, [period])
  return reading
}

async function read(period: Period): Promise<Standings> {
  const board = { game: game?.name ?? 'arena', period }
  const [{ lines }, { line }] = await Promise.all([
    client.call.leaderboards.top({ ...board, limit: LINES_SHOWN }),
    client.player ? client.call.leaderboards.rank(board) : { line: null },
  ])
  return { lines, mine: line }
}
