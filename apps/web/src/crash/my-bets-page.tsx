import type { OwnBet } from '@meydan/contracts/crash'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { client } from '../client.ts'
import { Column } from '../community/column.tsx'
import { More, SkeletonCards, Unread } from '../community/reading.tsx'
import { When } from '../community/when.tsx'
import { SignInFirst } from '../entry/sign-in-first.tsx'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { usePlayerId } from '../session.ts'
import { buttonLook } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'
import { useMultiplierText } from './multiplier.tsx'

const PAGE = 20
const DECIMALS = 2

/** `/app/crash/bets`: the own bets, newest first. */
export function MyBetsPage() {
  const t = useText('crash')
  if (usePlayerId() === null) return <SignInFirst />
  return (
    <Column title={t('myBets')}>
      <div className="mt-6">
        <List />
      </div>
    </Column>
  )
}

function List() {
  const t = useText('crash')
  const mine = useInfiniteQuery({
    queryKey: ['crash', 'mine', 'pages'],
    queryFn: ({ pageParam: before }) => client.call.crash.mine({ limit: PAGE, ...(before !== null && { before }) }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ bets }) => (bets.length < PAGE ? null : (bets.at(-1)?.betId ?? null)),
  })
  if (mine.isPending) return <SkeletonCards count={5} className="h-17" />
  if (!mine.data) return <Unread error={mine.error} onAgain={() => void mine.refetch()} />
  const bets = mine.data.pages.flatMap((page) => page.bets)
  if (bets.length === 0) {
    return (
      <Empty title={t('noOwnBets')} text={t('noOwnBetsText')}>
        <Link to="/crash" className={buttonLook()}>
          {t('toFirst')}
        </Link>
      </Empty>
    )
  }
  return (
    <>
      <ol className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-card">
        {bets.map((bet) => (
          <Line key={bet.betId} bet={bet} />
        ))}
      </ol>
      {mine.isFetchNextPageError ? (
        <Unread error={mine.error} onAgain={() => void mine.fetchNextPage()} />
      ) : (
        <More hasMore={mine.hasNextPage} isLoading={mine.isFetchingNextPage} onMore={() => void mine.fetchNextPage()} />
      )}
    </>
  )
}

function Line({ bet }: { bet: OwnBet }) {
  const t = useText('crash')
  const { money, signedMoney } = useFormats()
  const textOf = useMultiplierText()
  const { amount, state, multiplier, payout, roundId, at } = bet
  const isWon = state === 'won'
  return (
    <li
      data-testid="own-bet"
      data-state={state}
      className="relative flex min-h-17 items-center gap-3 px-4 py-2.5 hover:bg-paper sm:px-5"
    >
      <span className="min-w-0 flex-1">
        <Link
          to="/crash/rounds/$roundId"
          params={{ roundId }}
          disabled={state === 'open'}
          className="flex min-h-11 flex-col justify-center after:absolute after:inset-0"
        >
          <span>
            {isWon
              ? t('wonAt', { amount: money(amount, DECIMALS), multiplier: textOf(multiplier ?? 0) })
              : t(`state-${state}`, { amount: money(amount, DECIMALS) })}
          </span>
          <span className="text-sm text-soft">
            <When at={at} />
          </span>
        </Link>
      </span>
      <span className={`shrink-0 text-right font-semibold tabular-nums ${isWon ? 'text-accent' : 'text-soft'}`}>
        {state === 'open' ? '–' : signedMoney(payout - amount, DECIMALS)}
      </span>
    </li>
  )
}
