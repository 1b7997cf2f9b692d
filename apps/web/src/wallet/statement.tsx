import type { BalanceOf, StatementLine } from '@meydan/contracts/wallet'
import { useInfiniteQuery } from '@tanstack/react-query'
import { client } from '../client.ts'
import { More, SkeletonCards, Unread } from '../community/reading.tsx'
import { When } from '../community/when.tsx'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { Icon } from '../ui/icon.tsx'
import { Empty } from '../ui/states.tsx'
import { useReasonWords } from './reasons.ts'

const PAGE = 20

/** What came to the player's account and left it in one currency, newest first. */
export function Statement({ currency, decimals }: Pick<BalanceOf, 'currency' | 'decimals'>) {
  const t = useText('wallet')
  const statement = useStatement(currency)
  if (statement.isPending) return <SkeletonCards count={4} className="h-17" />
  if (!statement.data) return <Unread error={statement.error} onAgain={() => void statement.refetch()} />
  const lines = statement.data.pages.flatMap((page) => page.lines)
  if (lines.length === 0) return <Empty title={t('noLines')} text={t('noLinesText')} />
  return (
    <>
      <ol className="divide-y divide-line overflow-hidden rounded-2xl border border-line bg-card">
        {lines.map((line) => (
          <Line key={line.line} line={line} decimals={decimals} />
        ))}
      </ol>
      {statement.isFetchNextPageError ? (
        <Unread error={statement.error} onAgain={() => void statement.fetchNextPage()} />
      ) : (
        <More
          hasMore={statement.hasNextPage}
          isLoading={statement.isFetchingNextPage}
          onMore={() => void statement.fetchNextPage()}
        />
      )}
    </>
  )
}

function useStatement(currency: string) {
  return useInfiniteQuery({
    queryKey: ['wallet', 'statement', currency],
    queryFn: ({ pageParam: before }) =>
      client.call.wallet.statement({ currency, limit: PAGE, ...(before !== null && { before }) }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ lines }) => (lines.length < PAGE ? null : (lines.at(-1)?.line ?? null)),
  })
}

function Line({ line, decimals }: { line: StatementLine; decimals: number }) {
  const t = useText('wallet')
  const { money, signedMoney } = useFormats()
  const wordsOf = useReasonWords()
  const isIn = line.amount > 0
  return (
    <li data-testid="line" data-reason={line.reason} className="flex min-h-17 items-center gap-3 px-4 py-2.5 sm:px-5">
      <span
        className={`grid size-9 shrink-0 place-items-center rounded-full bg-paper ${isIn ? 'text-accent' : 'text-soft'}`}
      >
        <Icon name={isIn ? 'arrowIn' : 'arrowOut'} className="size-4.5" />
      </span>
      <span className="min-w-0 flex-1">
        <span className="block wrap-anywhere">{wordsOf(line)}</span>
        <span className="block text-sm text-soft">
          <When at={line.at} />
        </span>
      </span>
      <span className="shrink-0 text-right tabular-nums">
        <span className={`block font-semibold ${isIn ? 'text-accent' : ''}`}>{signedMoney(line.amount, decimals)}</span>
        <span className="block text-sm text-soft">
          <span className="sr-only">{t('after')} </span>
          {money(line.balance, decimals)}
        </span>
      </span>
    </li>
  )
}
