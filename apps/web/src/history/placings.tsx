import type { Profile } from '@meydan/contracts/players'
import { Medal } from '../community/medal.tsx'
import { Face, Person } from '../community/person.tsx'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import type { Placing } from './reading.ts'
import { ratingChange } from './reading.ts'

interface PlacingsProps {
  readonly placings: readonly Placing[]
  readonly playerId: string | undefined
  readonly profileOf: (playerId: string) => Profile | undefined
}

/** Everybody of a match by place, bots too: a bot has neither a page nor a rating. */
export function Placings({ placings, playerId, profileOf }: PlacingsProps) {
  const t = useText('history')
  return (
    <div className="overflow-hidden rounded-2xl border border-line bg-card">
      <table data-testid="placings" className="w-full table-fixed text-left">
        <thead className="text-sm text-soft">
          <tr>
            <th scope="col" className="w-14 py-3 pl-5 font-semibold">
              {t('rank')}
            </th>
            <th scope="col" className="px-2 py-3 font-semibold">
              {t('player')}
            </th>
            <th scope="col" className="w-20 py-3 pr-4 pl-2 text-right font-semibold sm:w-24">
              {t('score')}
            </th>
            <th scope="col" className="hidden py-3 pr-4 pl-2 text-right font-semibold sm:table-cell sm:w-32">
              {t('rating')}
            </th>
          </tr>
        </thead>
        <tbody>
          {placings.map((placing) => (
            <Row
              key={placing.playerId}
              placing={placing}
              isMine={placing.playerId === playerId}
              profile={profileOf(placing.playerId)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ placing, isMine, profile }: { placing: Placing; isMine: boolean; profile: Profile | undefined }) {
  const t = useText('people')
  const { number } = useFormats()
  const { playerId, name, bot, rank, score } = placing
  return (
    <tr
      data-testid="placing"
      aria-current={isMine ? 'true' : undefined}
      className="border-t border-line aria-current:bg-paper aria-current:font-semibold aria-current:text-accent"
    >
      <td className="py-2 pl-3">
        <Medal rank={rank} />
      </td>
      <td className="px-2 py-2">
        {bot ? (
          <span className="flex min-h-11 items-center gap-3 text-soft">
            <Face profile={undefined} />
            <span className="min-w-0 truncate">{name}</span>
            <span className="shrink-0 rounded-md border border-current px-1.5 text-xs">{t('bot')}</span>
          </span>
        ) : (
          <Person playerId={playerId} name={name} profile={profile} isYou={isMine} />
        )}
        <span className="block pl-13 text-sm tabular-nums sm:hidden">
          <Rating placing={placing} />
        </span>
      </td>
      <td className="py-2 pr-4 pl-2 text-right tabular-nums">{number(score)}</td>
      <td className="hidden py-2 pr-4 pl-2 text-right tabular-nums sm:table-cell">
        <Rating placing={placing} />
      </td>
    </tr>
  )
}

function Rating({ placing }: { placing: Placing }) {
  const { number, signed } = useFormats()
  const change = ratingChange(placing)
  if (change === null || placing.ratingAfter === null) return null
  return (
    <>
      {number(Math.round(placing.ratingAfter))}{' '}
      <span className={`text-sm ${change < 0 ? 'text-warn' : 'text-accent'}`}>{signed(change)}</span>
    </>
  )
}
