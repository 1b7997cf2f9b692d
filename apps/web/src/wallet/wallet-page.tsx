import type { BalanceOf } from '@meydan/contracts/wallet'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Column } from '../community/column.tsx'
import { SkeletonCards, Unread } from '../community/reading.tsx'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { Choice } from '../ui/choice.tsx'
import { useCounted } from '../ui/counted.ts'
import { Faucet } from './faucet.tsx'
import { CurrencySign } from './sign.tsx'
import { Statement } from './statement.tsx'
import { useCurrencyName } from './words.ts'

/** What is held ends without a word of the wallet when all of it is paid: looked at again this often meanwhile. */
const HELD_EVERY_MS = 5_000

/** `/app/wallet`: what the player has, and where it came from. */
export function WalletPage() {
  const t = useText('wallet')
  const { data, error, refetch } = useQuery({
    ...queries.balances(),
    refetchInterval: ({ state }) => (state.data?.balances.some(({ held }) => held > 0) ? HELD_EVERY_MS : false),
  })
  return (
    <Column title={t('title')} lead={t('lead')}>
      <div className="mt-8">
        {data && <Money balances={data.balances} />}
        {!data && (error ? <Unread error={error} onAgain={() => void refetch()} /> : <Skeleton />)}
      </div>
    </Column>
  )
}

const PAIR = 'grid grid-cols-2 gap-3 sm:gap-4'

function Skeleton() {
  return (
    <>
      <SkeletonCards count={2} className="h-34" />
      <div className="mt-12">
        <SkeletonCards count={4} className="h-17" />
      </div>
    </>
  )
}

/** What the faucet gives; without it, there is none. */
const FROM_FAUCET = 'coins'

function Money({ balances }: { balances: readonly BalanceOf[] }) {
  const coins = balances.find(({ currency }) => currency === FROM_FAUCET)
  return (
    <>
      <dl className={PAIR}>
        {balances.map((balance) => (
          <Balance key={balance.currency} {...balance} />
        ))}
      </dl>
      {coins && <Faucet account={coins} />}
      <Movements balances={balances} />
    </>
  )
}

function Balance({ currency, decimals, balance, held }: BalanceOf) {
  const t = useText('wallet')
  const { money } = useFormats()
  const nameOf = useCurrencyName()
  const counted = useCounted(balance)
  return (
    <div className="min-w-0 rounded-2xl border border-line bg-card p-4 sm:p-5">
      <dt className="flex items-center gap-2 text-soft">
        <CurrencySign currency={currency} className="size-6" />
        {nameOf(currency)}
      </dt>
      <dd
        data-testid={`balance-${currency}`}
        data-balance={balance}
        className="mt-2 text-2xl font-bold tracking-tight wrap-anywhere tabular-nums sm:text-4xl"
      >
        {money(counted, decimals)}
      </dd>
      {/* Its line is there before there is something to say, so that nothing jumps. */}
      <dd data-testid={`held-${currency}`} className="mt-1 min-h-5 text-sm text-soft tabular-nums">
        {held > 0 && t('held', { amount: money(held, decimals) })}
      </dd>
    </div>
  )
}

const route = getRouteApi('/belongings/wallet')

function Movements({ balances }: { balances: readonly BalanceOf[] }) {
  const t = useText('wallet')
  const nameOf = useCurrencyName()
  const { currency: asked } = route.useSearch()
  const navigate = route.useNavigate()
  const shown = balances.find(({ currency }) => currency === asked) ?? balances[0]
  if (!shown) return null
  return (
    <section aria-labelledby="statement-title" className="mt-12">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <h2 id="statement-title" className="text-xl font-semibold">
          {t('statement')}
        </h2>
        <Choice
          label={t('currency')}
          value={shown.currency}
          choices={balances.map(({ currency }) => ({ value: currency, text: nameOf(currency) }))}
          onChoose={(currency) => void navigate({ search: (kept) => ({ ...kept, currency }), replace: true })}
        />
      </div>
      <Statement key={shown.currency} currency={shown.currency} decimals={shown.decimals} />
    </section>
  )
}
