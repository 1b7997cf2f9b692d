import { lazy, Suspense, useEffect } from 'react'
import { game, gameOf } from './client.ts'
import { Landing } from './landing.tsx'
import { Queue } from './queue.tsx'
import { Result } from './result.tsx'
import { type MatchResult, type Stage, useStage } from './stage.ts'
import { Banner } from './ui/banner.tsx'

// The drawing library is most of the page's weight, and nobody needs it before a match.
const Arena = lazy(() => import('./match/match.tsx').catch(notLoaded))
const AnyGame = lazy(() => import('./any-game/any-game.tsx').catch(notLoaded))

/** Told also to whoever has another tab in front. */
const TITLES: Readonly<Record<Stage['name'], string>> = {
  landing: `${game?.title} · Meydan`,
  queued: 'Looking for players · Meydan',
  match: 'Playing · Meydan',
  result: 'The match is over · Meydan',
}

export function App() {
  const { stage, connection, play, cancel, finish, home } = useStage()
  useEffect(() => {
    document.title = TITLES[stage.name]
  }, [stage.name])
  return (
    <>
      <Banner connection={connection} />
      {stage.name === 'landing' && (
        <Landing isBusy={stage.isBusy} problem={stage.problem} known={stage.known} onPlay={play} />
      )}
      {stage.name === 'queued' && <Queue status={stage.status} onCancel={cancel} />}
      {stage.name === 'match' && <Match stage={stage} onOver={finish} onGone={home} />}
      {stage.name === 'result' && <Result result={stage.result} onAgain={() => play()} onHome={() => home()} />}
    </>
  )
}

interface MatchProps {
  readonly stage: Extract<Stage, { name: 'match' }>
  readonly onOver: (result: MatchResult) => void
  readonly onGone: (problem: string | null) => void
}

function Match({ stage: { roomId, game: name }, onOver, onGone }: MatchProps) {
  const played = gameOf(name)
  return (
    <Suspense fallback={<Opening />}>
      {played && name !== 'arena' ? (
        <AnyGame key={roomId} roomId={roomId} game={played} onOver={onOver} onGone={onGone} />
      ) : (
        <Arena key={roomId} roomId={roomId} onOver={onOver} onGone={onGone} />
      )}
    </Suspense>
  )
}

function Opening() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <p role="status" className="text-soft">
        Opening the game …
      </p>
    </main>
  )
}

/** The server is away, or has a newer page: a player who loads it again is taken back to the game. */
function notLoaded(error: unknown) {
  console.warn('the game could not be loaded', error)
  return {
    default: function NotLoaded({ onGone }: Pick<MatchProps, 'onGone'>) {
      useEffect(() => onGone('The game could not be loaded. Please load this page again.'), [onGone])
      return <Opening />
    },
  }
}
