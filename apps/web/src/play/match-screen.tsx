import { lazy, Suspense, useEffect } from 'react'
import { gameOf } from '../games.ts'
import { useText } from '../i18n/i18n.ts'
import type { Stage } from '../stage.ts'
import { useStage } from '../stage-provider.tsx'
import { usePageTitle } from '../ui/page-title.ts'

// The drawing library is most of the page's weight, and nobody needs it before a match.
const Arena = lazy(() => import('../match/match.tsx').catch(notLoaded))
const AnyGame = lazy(() => import('../any-game/any-game.tsx').catch(notLoaded))

/** The match, without a frame: the field has the whole window. */
export function MatchScreen({ stage: { roomId, game: name } }: { stage: Extract<Stage, { name: 'match' }> }) {
  const { finish, home } = useStage()
  usePageTitle(useText('play')('titleMatch'))
  const played = gameOf(name)
  return (
    <Suspense fallback={<OpeningGame />}>
      {played && name !== 'arena' ? (
        <AnyGame key={roomId} roomId={roomId} game={played} onOver={finish} onGone={home} />
      ) : (
        <Arena key={roomId} roomId={roomId} onOver={finish} onGone={home} />
      )}
    </Suspense>
  )
}

function OpeningGame() {
  const t = useText('play')
  return (
    <main className="grid min-h-dvh place-items-center">
      <p role="status" className="text-soft">
        {t('opening')}
      </p>
    </main>
  )
}

/** The server is away, or has a newer page: a player who loads it again is taken back to the game. */
function notLoaded(error: unknown) {
  console.warn('the game could not be loaded', error)
  return {
    default: function NotLoaded({ onGone }: { readonly onGone: (problem: string | null) => void }) {
      const t = useText('play')
      useEffect(() => onGone(t('notLoaded')), [onGone, t])
      return <OpeningGame />
    },
  }
}
