import { useStage } from '../stage-provider.tsx'
import { Landing } from './landing.tsx'
import { Queue } from './queue.tsx'
import { Result } from './result.tsx'

/** The start of the page, the queue and the result of the last match: one place, as the player stands. */
export function PlayPlace() {
  const { stage, play, cancel, home } = useStage()
  if (stage.name === 'queued') return <Queue status={stage.status} onCancel={cancel} />
  if (stage.name === 'result') {
    return <Result result={stage.result} onAgain={() => play(stage.game)} onHome={() => home()} />
  }
  return stage.name === 'landing' && <Landing isBusy={stage.isBusy} problem={stage.problem} onPlay={play} />
}
