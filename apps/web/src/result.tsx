import type { Match } from '@meydan/contracts/matches'
import { useEffect, useState } from 'react'
import { client } from './client.ts'
import type { MatchResult } from './stage.ts'
import { Button } from './ui/button.tsx'
import { Page } from './ui/page.tsx'

export function Result({ result, onAgain, onHome }: { result: MatchResult; onAgain: () => void; onHome: () => void }) {
  const place = result.lines.findIndex(({ mine }) => mine) + 1
  return (
    <Page>
      <section data-testid="result" className="mx-auto w-full max-w-lg">
        <h1 className="text-center text-3xl font-bold tracking-tight">{headline(place)}</h1>
        <RatingChange roomId={result.roomId} />
        <table className="mt-6 w-full rounded-2xl bg-card text-left">
          <thead className="text-sm text-soft">
            <tr>
              <th scope="col" className="p-3">
                #
              </th>
              <th scope="col" className="p-3">
                Player
              </th>
              <th scope="col" className="p-3 text-right">
                Kills
              </th>
              <th scope="col" className="p-3 text-right">
                Deaths
              </th>
              <th scope="col" className="p-3 text-right">
                Score
              </th>
            </tr>
          </thead>
          <tbody>
            {result.lines.map((line, index) => (
              <tr key={line.seat} className={`border-t border-line ${line.mine ? 'font-semibold text-accent' : ''}`}>
                <td className="p-3 tabular-nums">{index + 1}</td>
                <td className="max-w-40 truncate p-3">{line.name}</td>
                <td className="p-3 text-right tabular-nums">{line.kills}</td>
                <td className="p-3 text-right tabular-nums">{line.deaths}</td>
                <td className="p-3 text-right tabular-nums">{line.score}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div className="mt-8 flex justify-center gap-3">
          <Button data-testid="again" onClick={() => onAgain()}>
            Play again
          </Button>
          <Button look="quiet" onClick={onHome}>
            Back
          </Button>
        </div>
      </section>
    </Page>
  )
}

function headline(place: number): string {
  if (place === 1) return 'You won.'
  return place === 0
    ? 'The match is over.'
    : `You came ${place === 2 ? 'second' : place === 3 ? 'third' : `${place}th`}.`
}

const TRIES_MAX = 10
const TRY_EVERY_MS = 500

/** The rating follows from the result by an event, so it may come a moment later. */
function RatingChange({ roomId }: { roomId: string }) {
  const [match, setMatch] = useState<Match | null>(null)
  useEffect(() => {
    let tries = 0
    const timer = setInterval(async () => {
      if (++tries >= TRIES_MAX) clearInterval(timer)
      try {
        setMatch(await client.call.matches.get({ matchId: roomId }))
        clearInterval(timer)
      } catch (error) {
        console.info('the result is not there yet', error)
      }
    }, TRY_EVERY_MS)
    return () => clearInterval(timer)
  }, [roomId])
  const mine = match?.placings.find(({ playerId }) => playerId === client.player?.playerId)
  const change =
    mine?.ratingAfter != null && mine.ratingBefore != null ? Math.round(mine.ratingAfter - mine.ratingBefore) : null
  return (
    <p aria-live="polite" className="mt-2 min-h-7 text-center text-soft">
      {change !== null &&
        mine?.ratingAfter != null &&
        `Rating ${Math.round(mine.ratingAfter)} (${change >= 0 ? '+' : '−'}${Math.abs(change)})`}
    </p>
  )
}
