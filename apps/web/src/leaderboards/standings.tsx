import type { Line } from '@meydan/contracts/leaderboards'
import { Medal } from '../community/medal.tsx'
import { Person } from '../community/person.tsx'
import { useProfiles } from '../community/profiles.ts'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { usePlayerId } from '../session.ts'

interface StandingsProps {
  readonly caption: string
  readonly lines: readonly Line[]
  /** The player's own line, when it is none of these: it stands below them. */
  readonly below: Line | null
}

/** A board as a table: three columns that a phone has room for. */
export function Standings({ caption, lines, below }: StandingsProps) {
  const t = useText('standings')
  const playerId = usePlayerId()
  const all = below ? [...lines, below] : lines
  const profileOf = useProfiles(all.map((line) => line.playerId))
  return (
    <div className="overflow-hidden rounded-2xl border border-line bg-card">
      <table data-testid="standings" className="w-full table-fixed text-left">
        <caption className="sr-only">{caption}</caption>
        <thead className="text-sm text-soft">
          <tr>
            <th scope="col" className="w-17 py-3 pl-4 font-semibold sm:w-20">
              {t('rank')}
            </th>
            <th scope="col" className="px-2 py-3 font-semibold">
              {t('player')}
            </th>
            <th scope="col" className="w-20 py-3 pr-4 pl-2 text-right font-semibold sm:w-32">
              {t('score')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <Row
              key={line.playerId}
              line={line}
              isMine={line.playerId === playerId}
              profile={profileOf(line.playerId)}
            />
          ))}
        </tbody>
        {below && (
          <tbody data-testid="below" className="border-t-4 border-double border-line">
            <Row line={below} isMine profile={profileOf(below.playerId)} />
          </tbody>
        )}
      </table>
    </div>
  )
}

interface RowProps {
  readonly line: Line
  readonly isMine: boolean
  readonly profile: ReturnType<ReturnType<typeof useProfiles>>
}

function Row({ line, isMine, profile }: RowProps) {
  const { number } = useFormats()
  return (
    <tr
      data-testid={`line-${line.rank}`}
      aria-current={isMine ? 'true' : undefined}
      className="border-t border-line aria-current:bg-paper aria-current:font-semibold aria-current:text-accent"
    >
      <td className="py-2 pl-3">
        <Medal rank={line.rank} />
      </td>
      <td className="px-2 py-2">
        <Person playerId={line.playerId} name={line.name} profile={profile} isYou={isMine} />
      </td>
      <td className="py-2 pr-4 pl-2 text-right tabular-nums">{number(line.score)}</td>
    </tr>
  )
}
