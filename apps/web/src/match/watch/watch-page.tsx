import { Fault } from '@meydan/contracts/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react'
import { client } from '../../client.ts'
import { gameOf } from '../../games.ts'
import { useText } from '../../i18n/i18n.ts'
import { rankedLines } from '../../play/ranking.ts'
import { sentenceOf } from '../../sentence.ts'
import { usePlayerId } from '../../session.ts'
import type { MatchResult } from '../../stage.ts'
import { buttonLook } from '../../ui/button.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { Empty } from '../../ui/states.tsx'
import { End } from '../end.tsx'
import { isRoomGone } from '../room-gone.ts'
import { ComeIn } from './come-in.tsx'

const Arena = lazy(() => import('./watch.tsx'))
const AnyGame = lazy(() => import('../../any-game/any-game.tsx'))

/** One match, watched: the field has the whole window, as in playing. */
export function WatchPage() {
  const { roomId } = useParams({ from: '/watch/$roomId' })
  const t = useText('match')
  usePageTitle(t('watchTitle'))
  if (usePlayerId() === null) {
    return (
      <Plain>
        <ComeIn />
      </Plain>
    )
  }
  return <Watching key={roomId} roomId={roomId} />
}

function Watching({ roomId }: { roomId: string }) {
  const t = useText('match')
  const navigate = useNavigate()
  const [result, setResult] = useState<MatchResult | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const leave = useCallback(() => void navigate({ to: '/watch' }), [navigate])
  const found = useQuery({
    queryKey: ['rooms', 'find', roomId],
    queryFn: async () => {
      await client.connect()
      return client.call.rooms.find({ roomId })
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
  const goneOrLeft = useCallback(
    (reason: string | null) => (reason === null ? leave() : setProblem(new Error(reason))),
    [leave],
  )

  if (result) return <Over result={result} />
  const failure = problem ?? found.error
  if (failure !== null) return <Gone error={failure} />
  if (!found.data) return <Opening />
  const game = gameOf(found.data.game)
  return (
    <Suspense fallback={<Opening />}>
      {game && game.name !== 'arena' ? (
        <AnyGame roomId={roomId} game={game} isWatching onOver={setResult} onGone={goneOrLeft} />
      ) : (
        <Arena roomId={roomId} onLeave={leave} onOver={setResult} onGone={setProblem} />
      )}
    </Suspense>
  )

  function Opening() {
    return (
      <main className="grid min-h-dvh place-items-center">
        <p role="status" className="text-soft">
          {t('opening')}
        </p>
      </main>
    )
  }
}

/** How it ended, as whoever watched saw it. */
function Over({ result }: { result: MatchResult }) {
  return (
    <Plain>
      <End lines={rankedLines(result.lines, null)} match={null} facts={[]} playerId={undefined}>
        <Ways />
      </End>
    </Plain>
  )
}

function Gone({ error }: { error: unknown }) {
  const t = useText('match')
  const isOver = isRoomGone(error)
  const isSeated = error instanceof Fault && error.code === 'SEATED'
  const text = error instanceof Fault ? sentenceOf(error) : error instanceof Error ? error.message : t('notOpened')
  return (
    <Plain>
      <Empty level={1} title={t(isOver ? 'goneTitle' : 'goneFailed')} {...(!isOver && { text })}>
        {isSeated ? (
          <Link to="/" className={buttonLook('primary')}>
            {t('gonePlay')}
          </Link>
        ) : (
          <Ways />
        )}
      </Empty>
    </Plain>
  )
}

function Ways() {
  const t = useText('match')
  return (
    <>
      <Link to="/watch" data-testid="to-live" className={buttonLook('primary')}>
        {t('goneOthers')}
      </Link>
      <Link to="/" className={buttonLook('quiet')}>
        {t('livePlay')}
      </Link>
    </>
  )
}

function Plain({ children }: { children: ReactNode }) {
  return <main className="mx-auto flex min-h-dvh max-w-3xl flex-col justify-center px-5 py-10">{children}</main>
}
