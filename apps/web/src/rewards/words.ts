import type { Reward, RewardKind } from '@meydan/contracts/rewards'
import type { BalanceOf } from '@meydan/contracts/wallet'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'

export interface RewardType {
  readonly type: string
  readonly kind: RewardKind
  readonly factor: number | null
}

/** What has to be read before rewards can be told: what their types are, and the decimals of currencies. */
export interface Facts {
  readonly types: readonly RewardType[]
  readonly balances: readonly BalanceOf[]
}

const KNOWN = ['coins', 'gems', 'xp', 'chest'] as const

/** Tells a reward in words: `12.50 coins`, `×2 experience for 30 min`. Those of an installation's own types by their names. */
export function useTelling(): (reward: Reward, facts: Facts) => string {
  const t = useText('rewards')
  const { number, price, minutes } = useFormats()
  return useMemo(
    () =>
      ({ type, amount }, { types, balances }) => {
        const spec = types.find((each) => each.type === type)
        if (spec?.kind === 'booster') {
          return t('booster', { factor: number(spec.factor ?? 1), time: minutes(amount) })
        }
        const decimals = balances.find(({ currency }) => currency === type)?.decimals ?? 0
        const told = price(amount, spec?.kind === 'currency' ? decimals : 0)
        const known = KNOWN.find((one) => one === type)
        if (known === undefined) return t('other', { amount: told, name: nameOf(type) })
        return t(`of-${known}`, { count: amount / 10 ** decimals, amount: told })
      },
    [t, number, price, minutes],
  )
}

/** Of a type that the page has no word for. */
export const nameOf = (type: string): string => type.replaceAll('-', ' ')

/** The facts, once both are read. */
export function useFacts(): Facts | undefined {
  const { data: known } = useQuery(queries.rewardTypes())
  const { data: money } = useQuery(queries.balances())
  return useMemo(() => known && money && { types: known.types, balances: money.balances }, [known, money])
}
