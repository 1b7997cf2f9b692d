import { useCallback } from 'react'
import { useText } from '../i18n/i18n.ts'

const KNOWN = ['coins', 'gems'] as const

/** What a currency is called; one that an installation added, by its own name. */
export function useCurrencyName(): (currency: string) => string {
  const t = useText('wallet')
  return useCallback(
    (currency) => {
      const known = KNOWN.find((one) => one === currency)
      return known ? t(known) : currency
    },
    [t],
  )
}
