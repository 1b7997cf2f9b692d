import type { Match } from '@meydan/contracts/matches'
import type { Profile } from '@meydan/contracts/players'
import { Link } from '@tanstack/react-router'
import { Medal } from '../community/medal.tsx'
import { Face } from '../community/person.tsx'
import { When } from '../community/when.tsx'
import { gameOf } from '../games.ts'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { Change } from './change.tsx'
import { lengthOf, othersIn, type Placing, placingOf } from './reading.ts'
import { useReason } from './reason.ts'

interface MatchCardProps {
  readonly match: Match
  /** Whose placing it shows. */
  readonly playerId: string
  readonly profileOf: (playerId: string) => Profile | undefined
}

/** A finished match as one player had it, and who else was there. */
export function MatchCard({ match, playerId, profileOf }: MatchCardProps) {
  const t = useText('history')
  const { number } = useFormats()
  const reason = useReason(match.reason)
  const own = placingOf(match, playerId)
  const others = othersIn(match, playerId)
  return (
    <li
      data-testid="match"
      className="relative flex flex-wrap items-center gap-x-4 rounded-2xl border border-line bg-card px-4 py-2 hover:border-accent sm:px-5"
    >
      <Medal rank={own?.rank ?? 0} />
      <Link
        to="/matches/$id"
        params={{ id: match.matchId }}
        className="min-w-0 flex-1 py-2 after:absolute after:inset-0 after:rounded-2xl"
      >
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-semibold">
            {t('placeOf', {
              place: t('place', { count: own?.rank ?? 0, ordinal: true }),
              players: match.placings.length,
            })}
          </span>
          <span className="text-soft">{gameOf(match.game)?.title ?? match.game}</span>
          <span className="ml-auto text-sm text-soft">
            <When at={match.endedAt} />
          </span>
        </span>
        <span className="mt-1 flex flex-wrap gap-x-4 text-sm text-soft tabular-nums">
          {own && <span className="text-ink">{t('points', { count: own.score, score: number(own.score) })}</span>}
          {own && <Change placing={own} />}
          <span>{lengthOf(match)}</span>
          <span>{reason}</span>
        </span>
      </Link>
      {others.length > 0 && <Others others={others} profileOf={profileOf} />}
    </li>
  )
}

interface OthersProps {
  readonly others: readonly Placing[]
  readonly profileOf: MatchCardProps['profileOf']
}

/** Who else was there, above the link that the card is. */
function Others({ others, profileOf }: OthersProps) {
  return (
    <ul className="-mx-1 flex basis-full pl-12 sm:basis-auto sm:pl-0">
      {others.map(({ playerId, name }) => {
        const profile = profileOf(playerId)
        const shown = profile?.displayName ?? name
        return (
          <li key={playerId}>
            <Link
              to="/players/$id"
              params={{ id: playerId }}
              aria-label={shown}
              title={shown}
              className="relative z-1 grid size-11 place-items-center rounded-full"
            >
              <Face profile={profile} />
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
