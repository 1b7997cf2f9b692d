import { Fault } from '@meydan/contracts/core'
import type { Match } from '@meydan/contracts/matches'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Column } from '../community/column.tsx'
import { useProfiles } from '../community/profiles.ts'
import { SkeletonCards, Unread } from '../community/reading.tsx'
import { gameOf } from '../games.ts'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { usePlayerId } from '../session.ts'
import { Empty } from '../ui/states.tsx'
import { Placings } from './placings.tsx'
import { lengthOf, placingOf } from './reading.ts'
import { useReason } from './reason.ts'

const route = getRouteApi('/matches/$id')

/** `/app/matches/ID`: everybody's placing in one match. */
export function MatchPage() {
  const { id: matchId } = route.useParams()
  const t = useText('history')
  const { data: match, error, isPending, refetch } = useQuery(queries.match(matchId))
  if (match) return <Shown match={match} />
  if (error instanceof Fault && (error.code === 'NOT_FOUND' || error.code === 'INVALID_INPUT')) {
    return (
      <Column title={t('unknown')} isTitleHidden>
        <Empty title={t('unknown')} text={t('unknownText')} level={1}>
          <AllMatches />
        </Empty>
      </Column>
    )
  }
  return (
    <Column title={t('title')}>
      {isPending ? <SkeletonCards count={5} /> : <Unread error={error} onAgain={() => void refetch()} />}
    </Column>
  )
}

function Shown({ match }: { match: Match }) {
  const t = useText('history')
  const { moment } = useFormats()
  const reason = useReason(match.reason)
  const playerId = usePlayerId() ?? undefined
  const profileOf = useProfiles(match.placings.filter(({ bot }) => !bot).map((placing) => placing.playerId))
  const own = placingOf(match, playerId)
  return (
    <Column title={own ? (own.rank === 1 ? t('won') : t('came', { count: own.rank, ordinal: true })) : t('others')}>
      <dl className="mt-4 flex flex-wrap gap-x-8 gap-y-3">
        <Fact term={gameOf(match.game)?.title ?? match.game}>{moment(match.startedAt)}</Fact>
        <Fact term={t('length')}>{lengthOf(match)}</Fact>
        <Fact term={t('ending')}>{reason}</Fact>
      </dl>
      <section aria-labelledby="placings-title" className="mt-8">
        <h2 id="placings-title" className="mb-4 text-xl font-semibold">
          {t('placings')}
        </h2>
        <Placings placings={match.placings} playerId={playerId} profileOf={profileOf} />
      </section>
      <p className="mt-6 flex flex-wrap gap-x-8 gap-y-1">
        <AllMatches />
        {own && (
          <Link
            to="/feedback"
            search={{ match: match.matchId, game: match.game }}
            data-testid="report"
            className="inline-flex min-h-11 items-center text-accent underline"
          >
            {t('report')}
          </Link>
        )}
      </p>
    </Column>
  )
}

function AllMatches() {
  const t = useText('history')
  return (
    <Link to="/matches" className="inline-flex min-h-11 items-center text-accent underline">
      {t('all')}
    </Link>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-soft">{term}</dt>
      <dd className="font-semibold tabular-nums">{children}</dd>
    </div>
  )
}
