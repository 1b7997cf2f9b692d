import { Fault } from '@meydan/contracts/core'
import type { Profile } from '@meydan/contracts/players'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { client } from '../client.ts'
import { Column } from '../community/column.tsx'
import { Face } from '../community/person.tsx'
import { useProfiles } from '../community/profiles.ts'
import { SkeletonCards, Unread } from '../community/reading.tsx'
import { gameOf } from '../games.ts'
import { MatchCard } from '../history/match-card.tsx'
import { othersIn } from '../history/reading.ts'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { usePlayerId } from '../session.ts'
import { Empty } from '../ui/states.tsx'

const RECENT = 5
/** People come and go. */
const LOOK_EVERY_MS = 30_000

const route = getRouteApi('/players/$id')

/** `/app/players/ID`: who somebody is, and how they play. */
export function PlayerPage() {
  const { id: playerId } = route.useParams()
  const t = useText('people')
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['players', 'get', playerId],
    queryFn: () => client.call.players.get({ playerId }),
    refetchInterval: LOOK_EVERY_MS,
  })
  if (data) return <Shown profile={data} />
  const code = error instanceof Fault ? error.code : undefined
  if (code === 'NOT_FOUND' || code === 'INVALID_INPUT' || code === 'UNAUTHENTICATED') {
    const missing = t(code === 'UNAUTHENTICATED' ? 'signedOut' : 'unknown')
    return (
      <Column title={missing} isTitleHidden>
        <Empty title={missing} level={1}>
          <Link to="/" className="inline-flex min-h-11 items-center text-accent underline">
            {t('home')}
          </Link>
        </Empty>
      </Column>
    )
  }
  return (
    <Column title={t('profile')} isTitleHidden>
      {isPending ? (
        <SkeletonCards count={3} className="h-24" />
      ) : (
        <Unread error={error} onAgain={() => void refetch()} />
      )}
    </Column>
  )
}

function Shown({ profile }: { profile: Profile }) {
  const t = useText('people')
  const { day } = useFormats()
  const isYou = usePlayerId() === profile.playerId
  return (
    <Column title={profile.displayName} isTitleHidden>
      <header className="flex flex-wrap items-center gap-x-6 gap-y-4">
        <Face profile={profile} isLarge />
        <div className="min-w-0">
          <h1 data-testid="player-name" className="text-3xl font-bold tracking-tight wrap-anywhere">
            {profile.displayName}
          </h1>
          <p className="mt-1 flex flex-wrap gap-x-3 text-soft">
            <span data-testid="presence" className={profile.online ? 'font-semibold text-accent' : ''}>
              {t(profile.online ? 'online' : 'offline')}
            </span>
            <span>{t('since', { date: day(profile.createdAt) })}</span>
          </p>
          {isYou && <p className="mt-1 text-sm text-soft">{t('isYou')}</p>}
        </div>
      </header>
      <Ratings playerId={profile.playerId} />
      <Recent playerId={profile.playerId} />
    </Column>
  )
}

function Ratings({ playerId }: { playerId: string }) {
  const t = useText('people')
  const { number } = useFormats()
  const { data, error, refetch } = useQuery({
    queryKey: ['matches', 'ratingsOf', playerId],
    queryFn: () => client.call.matches.ratingsOf({ playerId }),
  })
  return (
    <section aria-labelledby="ratings-title" className="mt-10">
      <h2 id="ratings-title" className="mb-4 text-xl font-semibold">
        {t('ratings')}
      </h2>
      {error && !data && <Unread error={error} onAgain={() => void refetch()} />}
      {!error && !data && <SkeletonCards count={1} className="h-24" />}
      {data?.ratings.length === 0 && <p className="text-soft">{t('unrated')}</p>}
      <dl className="flex flex-wrap gap-3">
        {data?.ratings.map(({ game, rating, matches }) => (
          <div key={game} data-testid="rating" className="min-w-40 rounded-2xl border border-line bg-card px-5 py-4">
            <dt className="text-sm text-soft">{gameOf(game)?.title ?? game}</dt>
            <dd className="text-2xl font-bold tabular-nums">{number(Math.round(rating))}</dd>
            <dd className="text-sm text-soft">{t('matches', { count: matches })}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Recent({ playerId }: { playerId: string }) {
  const t = useText('people')
  const { data, error, refetch } = useQuery({
    queryKey: ['matches', 'of', playerId],
    queryFn: () => client.call.matches.of({ playerId, limit: RECENT }),
  })
  const others = data?.matches.flatMap((match) => othersIn(match, playerId)) ?? []
  const profileOf = useProfiles(others.map((other) => other.playerId))
  return (
    <section aria-labelledby="recent-title" className="mt-10">
      <h2 id="recent-title" className="mb-4 text-xl font-semibold">
        {t('recent')}
      </h2>
      {error && !data && <Unread error={error} onAgain={() => void refetch()} />}
      {!error && !data && <SkeletonCards count={2} className="h-24" />}
      {data?.matches.length === 0 && <p className="text-soft">{t('noMatches')}</p>}
      <ol className="flex flex-col gap-3">
        {data?.matches.map((match) => (
          <MatchCard key={match.matchId} match={match} playerId={playerId} profileOf={profileOf} />
        ))}
      </ol>
    </section>
  )
}
