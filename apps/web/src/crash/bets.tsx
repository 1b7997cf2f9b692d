import type { Bet } from '@meydan/contracts/crash'
import { useDeferredValue, useMemo } from 'react'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { usePlayerId } from '../session.ts'
import { useMultiplierText } from './multiplier.tsx'
import type { RoundState } from './state.ts'

const DECIMALS = 2
/** More than anybody reads in a round; the sums above them are of all. */
const ROWS_MAX = 50

/** Who bets in the round, and how it goes for them: the largest stakes one by one, and of all of them the sums. */
export function Bets({ round }: { round: RoundState | null }) {
  const t = useText('crash')
  const { number, money } = useFormats()
  const playerId = usePlayerId()
  // Hundreds may come at once, while the curve goes on.
  const bets = useDeferredValue(round?.bets)
  const rows = useMemo(() => rowsOf([...(bets?.values() ?? [])], playerId), [bets, playerId])
  const count = round?.betCount ?? 0
  return (
    <section aria-labelledby="bets-title" className="overflow-hidden rounded-2xl border border-line bg-card">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 pt-4 pb-3 sm:px-5">
        <h2 id="bets-title" className="text-lg font-semibold">
          {t('bets')}
        </h2>
        <dl data-testid="sums" className="flex flex-wrap gap-x-5 gap-y-1 text-sm tabular-nums">
          <Sum term={t('players')}>{number(count)}</Sum>
          <Sum term={t('staked')}>{money(round?.staked ?? 0, DECIMALS)}</Sum>
          <Sum term={t('paid')}>{money(round?.paid ?? 0, DECIMALS)}</Sum>
        </dl>
      </div>
      {rows.length === 0 ? (
        <p className="border-t border-line px-5 py-8 text-center text-soft">{t('noBets')}</p>
      ) : (
        <Table rows={rows} playerId={playerId} more={count - rows.length} />
      )}
    </section>
  )
}

function Sum({ term, children }: { term: string; children: string }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-soft">{term}</dt>
      <dd className="font-semibold">{children}</dd>
    </div>
  )
}

/** The own bet first, then the largest. */
function rowsOf(bets: readonly Bet[], playerId: string | null): Bet[] {
  const isMine = (bet: Bet): number => (bet.playerId === playerId ? 1 : 0)
  return bets.toSorted((a, b) => isMine(b) - isMine(a) || b.amount - a.amount).slice(0, ROWS_MAX)
}

interface TableProps {
  readonly rows: readonly Bet[]
  readonly playerId: string | null
  readonly more: number
}

function Table({ rows, playerId, more }: TableProps) {
  const t = useText('crash')
  const { number } = useFormats()
  return (
    <>
      <table data-testid="bets" className="w-full table-fixed text-left text-sm">
        <thead className="text-soft">
          <tr className="border-t border-line">
            <th scope="col" className="py-2 pl-4 font-semibold sm:pl-5">
              {t('player')}
            </th>
            <th scope="col" className="w-24 px-2 py-2 text-right font-semibold">
              {t('stake')}
            </th>
            <th scope="col" className="w-20 px-2 py-2 text-right font-semibold">
              {t('at')}
            </th>
            <th scope="col" className="w-24 py-2 pr-4 pl-2 text-right font-semibold sm:pr-5">
              {t('payout')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((bet) => (
            <Row key={bet.betId} bet={bet} isMine={bet.playerId === playerId} />
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <p className="border-t border-line px-5 py-3 text-center text-sm text-soft">
          {t('moreBets', { number: number(more) })}
        </p>
      )}
    </>
  )
}

function Row({ bet, isMine }: { bet: Bet; isMine: boolean }) {
  const t = useText('crash')
  const { money } = useFormats()
  const textOf = useMultiplierText()
  const { name, amount, state, multiplier, payout } = bet
  return (
    <tr
      data-testid={`bet-${bet.playerId}`}
      data-state={state}
      aria-current={isMine ? 'true' : undefined}
      className={`border-t border-line tabular-nums aria-current:bg-paper aria-current:font-semibold ${state === 'won' ? 'text-accent' : state === 'lost' ? 'text-soft' : ''}`}
    >
      <td className="truncate py-2.5 pl-4 sm:pl-5">{isMine ? t('you') : name}</td>
      <td className="px-2 py-2.5 text-right">{money(amount, DECIMALS)}</td>
      <td className="px-2 py-2.5 text-right">{multiplier === null ? '–' : textOf(multiplier)}</td>
      <td className="py-2.5 pr-4 pl-2 text-right sm:pr-5">
        {state === 'open' ? '–' : state === 'lost' ? t('lostShort') : money(payout, DECIMALS)}
      </td>
    </tr>
  )
}
