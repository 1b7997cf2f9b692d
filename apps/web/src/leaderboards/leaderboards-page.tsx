import { Period } from '@meydan/contracts/leaderboards'
import { allGames } from '@meydan/games/all'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Column } from '../community/column.tsx'
import { LabelledChoice } from '../community/labelled-choice.tsx'
import { SkeletonCards, Unread } from '../community/reading.tsx'
import { inWords } from '../community/when.tsx'
import { gameOf, useGame } from '../games.ts'
import { useLanguage, useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { usePlayerId } from '../session.ts'
import { buttonLook } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Empty } from '../ui/states.tsx'
import { nextStartMs } from './period.ts'
import type { BoardSearch } from './search.ts'
import { Standings } from './standings.tsx'

/** The board that is looked at. */
interface Looked extends BoardSearch {
  readonly game: string
}

const route = getRouteApi('/leaderboards')

const TOP = 50
const AROUND = 15
/** A match counts a moment after it has ended, and others play on. */
const READ_EVERY_MS = 10_000

/** `/app/leaderboards` (A9). */
export function LeaderboardsPage() {
  const { name: game } = useGame()
  const { period, view } = route.useSearch()
  const navigate = route.useNavigate()
  const look = (part: Partial<Looked>): void => {
    void navigate({ search: { game, period, view, ...part }, replace: true, resetScroll: false })
  }
  const t = useText('standings')
  const isKnown = usePlayerId() !== null
  const periods = Period.options.map((value) => ({ value, text: t(`period-${value}`) }))
  const views = [
    { value: 'top' as const, text: t('top', { count: TOP }) },
    { value: 'around' as const, text: t('around') },
  ]
  return (
    <Column title={t('title')}>
      <div className="mt-6 flex flex-wrap gap-x-8 gap-y-4">
        {allGames.length > 1 && (
          <LabelledChoice
            label={t('game')}
            choices={allGames.map(({ name, title }) => ({ value: name, text: title }))}
            value={game}
            onChoose={(chosen) => look({ game: chosen })}
          />
        )}
        <LabelledChoice
          label={t('period')}
          choices={periods}
          value={period}
          onChoose={(chosen) => look({ period: chosen })}
        />
      </div>
      <div className="mt-5 flex min-h-11 flex-wrap items-center justify-between gap-x-6 gap-y-2">
        {isKnown && (
          <Choice label={t('view')} choices={views} value={view} onChoose={(chosen) => look({ view: chosen })} />
        )}
        <Anew period={period} />
      </div>
      <div className="mt-4">
        <Board game={game} period={period} view={isKnown ? view : 'top'} />
      </div>
    </Column>
  )
}

function Anew({ period }: { period: Period }) {
  const t = useText('standings')
  const language = useLanguage()
  const nowMs = Date.now()
  const startMs = nextStartMs(period, nowMs)
  return (
    <p className="text-sm text-soft">
      {startMs !== undefined && t('anew', { when: inWords(startMs - nowMs, language) })}
    </p>
  )
}

function Board({ game, period, view }: Looked) {
  const t = useText('standings')
  const { lines, mine, isPending, error, refetch } = useLines({ game, period, view })
  if (error && lines === undefined) return <Unread error={error} onAgain={refetch} />
  if (isPending || lines === undefined) return <SkeletonCards count={8} className="h-15" />
  const caption = t('caption', { game: gameOf(game)?.title ?? game, period: t(`period-${period}`) })
  if (lines.length === 0) {
    return (
      <Empty title={t(view === 'around' ? 'notOn' : 'none')} {...(view === 'around' && { text: t('notOnText') })}>
        <Link to="/" search={{ game }} className={buttonLook('primary')}>
          {t('play')}
        </Link>
      </Empty>
    )
  }
  const isShown = lines.some(({ playerId }) => playerId === mine?.playerId)
  return <Standings caption={caption} lines={lines} below={isShown ? null : mine} />
}

function useLines({ game, period, view }: Looked) {
  const isKnown = usePlayerId() !== null
  const often = { refetchInterval: READ_EVERY_MS, placeholderData: keepPreviousData }
  const top = useQuery({ ...queries.top({ game, period, limit: TOP }), ...often, enabled: view === 'top' })
  const around = useQuery({ ...queries.around({ game, period, limit: AROUND }), ...often, enabled: view === 'around' })
  const rank = useQuery({ ...queries.rank({ game, period }), ...often, enabled: isKnown })
  const { data, isPending, error, refetch } = view === 'top' ? top : around
  return { lines: data?.lines, mine: rank.data?.line ?? null, isPending, error, refetch: () => void refetch() }
}
