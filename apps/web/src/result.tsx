import { Fault } from '@meydan/contracts/core'
import type { Match } from '@meydan/contracts/matches'
import { useEffect, useState } from 'react'
import { client } from './client.ts'
import { rankedLines } from './ranking.ts'
import type { Line, MatchResult } from './stage.ts'
import { Button } from './ui/button.tsx'
import { Page } from './ui/page.tsx'

interface ResultProps {
  readonly result: MatchResult
  readonly onAgain: () => void
  readonly onHome: () => void
}

export function Result({ result, onAgain, onHome }: ResultProps) {
  const match = useStoredMatch(result.roomId)
  const lines = rankedLines(result.lines, match)
  const mine = lines.find(({ line }) => line.playerId === client.player?.playerId)
  return (
    <Page>
      <section data-testid="result" className="mx-auto w-full max-w-lg">
        <h1 className="text-center text-3xl font-bold tracking-tight">{headline(mine?.rank)}</h1>
        <RatingChange match={match} />
        {lines.length > 0 && <Standings lines={lines} />}
        <div className="mt-8 flex justify-center gap-3">
          <Button data-testid="again" onClick={onAgain}>
            Play again
          </Button>
          <Button look="quiet" data-testid="home" onClick={onHome}>
            Leaderboard
          </Button>
        </div>
      </section>
    </Page>
  )
}

const COLUMNS = ['#', 'Player', 'Kills', 'Deaths', 'Score'] as const
/** Numbers have their widths, and a name what is left: a long one is cut, and no number is pushed out. */
const WIDTHS: Readonly<Record<(typeof COLUMNS)[number], string>> = {
  '#': 'w-10',
  Player: '',
  Kills: 'w-14 text-right',
  Deaths: 'w-17 text-right',
  Score: 'w-20 text-right',
}

function Standings({ lines }: { lines: readonly { readonly rank: number; readonly line: Line }[] }) {
  const hasKills = lines.some(({ line }) => line.kills !== undefined)
  const columns = COLUMNS.filter((name) => hasKills || (name !== 'Kills' && name !== 'Deaths'))
  return (
    <div className="mt-6 overflow-hidden rounded-2xl border border-line bg-card">
      <table className="w-full table-fixed text-left">
        <thead className="text-sm text-soft">
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" className={`px-2 py-3 font-semibold first:pl-4 last:pr-4 ${WIDTHS[name]}`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ rank, line }) => {
            const isMine = line.playerId === client.player?.playerId
            return (
              <tr
                key={line.playerId}
                className={`border-t border-line ${isMine ? 'bg-paper font-semibold text-accent' : ''}`}
              >
                <td className="py-3 pl-4 tabular-nums">{rank}</td>
                <td className="truncate px-2 py-3">{line.name}</td>
                {hasKills && <td className="px-2 py-3 text-right tabular-nums">{line.kills}</td>}
                {hasKills && <td className="px-2 py-3 text-right tabular-nums">{line.deaths}</td>}
                <td className="py-3 pr-4 pl-2 text-right tabular-nums">{line.score}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const PLACES = ['', 'You won.', 'You came second.', 'You came third.', 'You came fourth.', 'You came fifth.'] as const

function headline(rank: number | undefined): string {
  if (rank === undefined) return 'The match is over.'
  return PLACES[rank] ?? `You came ${rank}th.`
}

function RatingChange({ match }: { match: Match | null }) {
  const mine = match?.placings.find(({ playerId }) => playerId === client.player?.playerId)
  const { ratingBefore, ratingAfter } = mine ?? {}
  const isRated = typeof ratingBefore === 'number' && typeof ratingAfter === 'number'
  const change = isRated ? Math.round(ratingAfter) - Math.round(ratingBefore) : 0
  return (
    <p data-testid="rating" aria-live="polite" className="mt-2 min-h-7 text-center text-soft tabular-nums">
      {isRated && `Rating ${Math.round(ratingAfter)} (${change >= 0 ? '+' : '−'}${Math.abs(change)})`}
    </p>
  )
}

const TRIES_MAX = 12
const TRY_EVERY_MS = 500

/** The stored result follows from the room's end by an event, so it may come a moment later. */
function useStoredMatch(matchId: string): Match | null {
  const [match, setMatch] = useState<Match | null>(null)
  useEffect(() => {
    let tries = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async (): Promise<void> => {
      try {
        setMatch(await client.call.matches.get({ matchId }))
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        if (++tries < TRIES_MAX) timer = setTimeout(() => void look(), TRY_EVERY_MS)
      }
    }
    void look()
    return () => {
      tries = TRIES_MAX
      clearTimeout(timer)
    }
  }, [matchId])
  return match
}
