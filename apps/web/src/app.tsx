import { lazy, Suspense } from 'react'
import { Landing } from './landing.tsx'
import { Queue } from './queue.tsx'
import { Result } from './result.tsx'
import { useStage } from './stage.ts'
import { Banner } from './ui/banner.tsx'

// The drawing library is most of the page's weight, and nobody needs it before a match.
const Match = lazy(() => import('./match/match.tsx'))

export function App() {
  const { stage, connection, play, cancel, finish, home } = useStage()
  return (
    <>
      <Banner connection={connection} />
      {stage.name === 'landing' && (
        <Landing isBusy={stage.isBusy} problem={stage.problem} known={stage.known} onPlay={play} />
      )}
      {stage.name === 'queued' && <Queue status={stage.status} onCancel={cancel} />}
      {stage.name === 'match' && (
        <Suspense fallback={<p className="p-8 text-center text-soft">Opening the arena …</p>}>
          <Match roomId={stage.roomId} onOver={finish} />
        </Suspense>
      )}
      {stage.name === 'result' && <Result result={stage.result} onAgain={play} onHome={home} />}
    </>
  )
}
