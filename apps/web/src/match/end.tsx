import type { Match } from '@meydan/contracts/matches'
import { FIRE } from '@meydan/games/arena'
import type { ReactNode } from 'react'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import type { Line } from '../stage.ts'
import type { Fact } from './facts.ts'
import { Rating } from './rating.tsx'

export interface RankedLine {
  readonly rank: number
  readonly line: Line
}

interface EndProps {
  readonly lines: readonly RankedLine[]
  /** As it is stored; null until it is. */
  readonly match: Match | null
  /** The stored match was waited for in vain. */
  readonly isMissing?: boolean
  readonly facts: readonly Fact[]
  /** Who looks; undefined: somebody who has watched. */
  readonly playerId: string | undefined
  /** What can be done next. */
  readonly children: ReactNode
  /** What else belongs to it, such as who one has played with. */
  readonly more?: ReactNode
}

/** How a match has ended: the place, what it did to the rating, everybody's scores, and what is worth telling. */
export function End({ lines, match, isMissing = false, facts, playerId, children, more }: EndProps) {
  const mine = lines.find(({ line }) => line.playerId === playerId)
  const placing = match?.placings.find((each) => each.playerId === playerId)
  return (
    <section data-testid="result" className="mx-auto w-full max-w-lg">
      <Headline rank={mine?.rank} winners={lines.filter(({ rank }) => rank === 1)} />
      {playerId !== undefined && (
        <Rating placing={placing} state={match ? 'known' : isMissing ? 'missing' : 'reading'} />
      )}
      {lines.length > 0 && <Standings lines={lines} playerId={playerId} />}
      {facts.length > 0 && <Facts facts={facts} />}
      {more}
      <div className="mt-8 flex flex-wrap justify-center gap-3">{children}</div>
    </section>
  )
}

const PLACES = ['place1', 'place2', 'place3', 'place4', 'place5'] as const

function Headline({ rank, winners }: { rank: number | undefined; winners: readonly RankedLine[] }) {
  const t = useText('play')
  const told = useText('match')
  const [winner] = winners
  const place = rank === undefined ? undefined : PLACES[rank - 1]
  const text = (): string => {
    if (rank !== undefined) return place ? t(place) : t('placeN', { rank })
    return winner && winners.length === 1 ? told('endWinner', { name: winner.line.name }) : t('over')
  }
  return <h1 className="text-center text-3xl font-bold tracking-tight text-balance">{text()}</h1>
}

const COLUMNS = ['columnRank', 'columnPlayer', 'columnKills', 'columnDeaths', 'columnScore'] as const
/** Numbers have their widths, and a name what is left: a long one wraps, and no number is pushed out. */
const WIDTHS: Readonly<Record<(typeof COLUMNS)[number], string>> = {
  columnRank: 'w-10',
  columnPlayer: '',
  columnKills: 'w-16 text-right',
  columnDeaths: 'w-17 text-right',
  columnScore: 'w-20 text-right',
}

function Standings({ lines, playerId }: { lines: readonly RankedLine[]; playerId: string | undefined }) {
  const t = useText('play')
  const caption = useText('match')('endStandings')
  const { number } = useFormats()
  const hasKills = lines.some(({ line }) => line.kills !== undefined)
  const columns = COLUMNS.filter((name) => hasKills || (name !== 'columnKills' && name !== 'columnDeaths'))
  return (
    <div className="mt-6 overflow-hidden rounded-2xl border border-line bg-card">
      <table className="w-full table-fixed text-left">
        <caption className="sr-only">{caption}</caption>
        <thead className="text-sm text-soft">
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col" className={`px-2 py-3 font-semibold first:pl-4 last:pr-4 ${WIDTHS[name]}`}>
                {t(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map(({ rank, line }) => {
            const isMine = line.playerId === playerId
            return (
              <tr
                key={line.playerId}
                className={`border-t border-line ${isMine ? 'bg-paper font-semibold text-accent' : ''}`}
              >
                <td className="py-3 pl-4 tabular-nums">{rank}</td>
                <td className="px-2 py-3 wrap-anywhere">{line.name}</td>
                {hasKills && <td className="px-2 py-3 text-right tabular-nums">{line.kills}</td>}
                {hasKills && <td className="px-2 py-3 text-right tabular-nums">{line.deaths}</td>}
                <td className="py-3 pr-4 pl-2 text-right tabular-nums">{number(line.score)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

const FACT_NAMES = { streak: 'endStreak', prey: 'endPrey', nemesis: 'endNemesis', weapon: 'endWeapon' } as const

function Facts({ facts }: { facts: readonly Fact[] }) {
  const t = useText('match')
  const textOf = (fact: Fact): string => {
    if (fact.what === 'streak') return t('endStreakOf', { count: fact.count })
    if (fact.what !== 'weapon') return t('endTimesOf', { name: fact.name, count: fact.count })
    const weapon = t(fact.weapon === FIRE.scatter ? 'scatter' : 'bolt')
    return t('endWeaponOf', { weapon, count: fact.count, all: fact.all })
  }
  return (
    <section aria-labelledby="facts-title" data-testid="facts" className="mt-6">
      <h2 id="facts-title" className="text-sm font-semibold text-soft">
        {t('endFacts')}
      </h2>
      <dl className="mt-2 grid gap-x-6 gap-y-3 rounded-2xl border border-line bg-card p-4 sm:grid-cols-2">
        {facts.map((fact) => (
          <div key={fact.what} className="min-w-0">
            <dt className="text-sm text-soft">{t(FACT_NAMES[fact.what])}</dt>
            <dd className="font-semibold wrap-anywhere">{textOf(fact)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
