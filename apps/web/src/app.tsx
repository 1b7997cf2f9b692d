import { lazy, Suspense } from 'react'
import { gameOf } from './client.ts'
import { Landing } from './landing.tsx'
import { Queue } from './queue.tsx'
import { Result } from './result.tsx'
import { type MatchResult, type Stage, useStage } from './stage.ts'
import { Banner } from './ui/banner.tsx'

// The drawing library is most of the page's weight, and nobody needs it before a match.
const Arena = lazy(() => import('./match/match.tsx'))
const AnyGame = lazy(() => import('./any-game/any-game.tsx'))

export function App() {
  const { stage, connection, play, cancel, finish, home } = useStage()
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
  const game = gameOf(name)
  const opening = (
    <main className="grid min-h-dvh place-items-center">
      <p role="status" className="text-soft">
        Opening the game …
      </p>
    </main>
  )
  return (
    <Suspense fallback={opening}>
      {game && name !== 'arena' ? (
        <AnyGame key={roomId} roomId={roomId} game={game} onOver={onOver} onGone={onGone} />
      ) : (
        <Arena key={roomId} roomId={roomId} onOver={onOver} onGone={onGone} />
      )}
    </Suspense>
  )
}
