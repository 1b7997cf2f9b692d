import type { BalanceOf } from '@meydan/contracts/wallet'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { useCounted } from '../ui/counted.ts'
import { CurrencySign } from './sign.tsx'
import { useCurrencyName } from './words.ts'

/** What fits under each other; the wallet's page has the rest. */
const SHOWN_MAX = 2

/** The player's money on every page; it leads to the wallet. */
export function WalletCorner() {
  const t = useText('wallet')
  const { data } = useQuery(queries.balances())
  const shown = data?.balances.slice(0, SHOWN_MAX) ?? []
  return (
    <Link
      to="/wallet"
      data-testid="wallet-corner"
      className="flex min-h-11 items-center gap-2 rounded-xl px-1.5 hover:bg-card sm:px-2.5"
    >
      <span className="sr-only">{t('title')}: </span>
      <span className="w-9 text-right text-[0.6875rem] leading-tight text-soft max-[23.4rem]:sr-only">
        {t('playMoney')}
      </span>
      <span className="flex min-w-16 flex-col gap-0.5">
        {shown.map((each) => (
          <Amount key={each.currency} {...each} />
        ))}
      </span>
    </Link>
  )
}

function Amount({ currency, balance, decimals }: BalanceOf) {
  const { shortMoney } = useFormats()
  const nameOf = useCurrencyName()
  const counted = useCounted(balance)
  return (
    <span className="flex items-center gap-1.5 text-xs leading-4 font-semibold tabular-nums">
      <CurrencySign currency={currency} className="size-3.5" />
      <span data-testid={`corner-${currency}`} data-balance={balance} className="ml-auto">
        {shortMoney(counted, decimals)}
        <span className="sr-only"> {nameOf(currency)}</span>
      </span>
    </span>
  )
}
