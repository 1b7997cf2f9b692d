import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { client } from '../client.ts'
import { Column } from '../community/column.tsx'
import { useProfiles } from '../community/profiles.ts'
import { More, SkeletonCards, Unread } from '../community/reading.tsx'
import { useText } from '../i18n/i18n.ts'
import { usePlayerId } from '../session.ts'
import { buttonLook } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'
import { MatchCard } from './match-card.tsx'
import { othersIn } from './reading.ts'

const PAGE = 20

/** `/app/matches`: the own matches, newest first (A7). */
export function HistoryPage() {
  const t = useText('history')
  return (
    <Column title={t('title')}>
      <div className="mt-6">
        <Matches />
      </div>
    </Column>
  )
}

function Matches() {
  const t = useText('history')
  const playerId = usePlayerId()
  const mine = useInfiniteQuery({
    queryKey: ['matches', 'mine', 'pages'],
    queryFn: async ({ pageParam: before }) =>
      (await client.restore()) ? client.call.matches.mine({ limit: PAGE, ...(before && { before }) }) : { matches: [] },
    initialPageParam: null as string | null,
    getNextPageParam: ({ matches }) => (matches.length < PAGE ? null : (matches.at(-1)?.matchId ?? null)),
  })
  const matches = mine.data?.pages.flatMap((page) => page.matches) ?? []
  const profileOf = useProfiles(
    matches.flatMap((match) => othersIn(match, playerId ?? undefined)).map((other) => other.playerId),
  )
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = mine
  const isIdle = hasNextPage && !isFetchingNextPage && !mine.isFetchNextPageError
  const end = useReached(isIdle, () => void fetchNextPage())
  if (mine.isPending) return <SkeletonCards count={5} className="h-24" />
  if (mine.isError && matches.length === 0) return <Unread error={mine.error} onAgain={() => void mine.refetch()} />
  if (matches.length === 0 || playerId === null) return <NoMatches />
  return (
    <>
      <ol className="flex flex-col gap-3">
        {matches.map((match) => (
          <MatchCard key={match.matchId} match={match} playerId={playerId} profileOf={profileOf} />
        ))}
      </ol>
      <div ref={end} />
      {mine.isFetchNextPageError && (
        <div className="mt-4">
          <Unread error={mine.error} onAgain={() => void fetchNextPage()} />
        </div>
      )}
      {!mine.isFetchNextPageError && (
        <More hasMore={hasNextPage} isLoading={isFetchingNextPage} onMore={() => void fetchNextPage()} />
      )}
      {!hasNextPage && matches.length > PAGE && <p className="mt-6 text-center text-sm text-soft">{t('end')}</p>}
    </>
  )
}

function NoMatches() {
  const t = useText('history')
  return (
    <Empty title={t('none')} text={t('noneText')}>
      <Link to="/" className={buttonLook('primary')}>
        {t('play')}
      </Link>
    </Empty>
  )
}

/** Begins to read on while the end of the list is still this far below the window. */
const AHEAD = '400px'

/** For what stands at a list's end: calls when somebody scrolls near it. */
function useReached(isWanted: boolean, onReached: () => void) {
  const end = useRef<HTMLDivElement>(null)
  const reached = useRef(onReached)
  reached.current = onReached
  useEffect(() => {
    if (!isWanted || !end.current) return
    const watch = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) reached.current()
      },
      { rootMargin: AHEAD },
    )
    watch.observe(end.current)
    return () => watch.disconnect()
  }, [isWanted])
  return end
}
