import { AUTO_MAX, type LobbySettings } from '@meydan/contracts/crash'
import { useState } from 'react'
import type { z } from 'zod'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { bounded, hundredthsOf, typedOf } from './money.ts'
import type { Wish } from './use-betting.ts'

export const DECIMALS = 2
/** The least that `AutoCashOut` takes. */
const AUTO_MIN = 101
const STAKE_FIRST = 1_000
const AUTO_FIRST = 200

interface Wrong {
  readonly amount?: string
  readonly auto?: string
}

/** A bet as it is being typed, with what is wrong with it. */
export function useSlip(settings: z.infer<typeof LobbySettings>, balance: number | undefined) {
  const t = useText('crash')
  const { money } = useFormats()
  const [amount, setAmount] = useState(typedOf(STAKE_FIRST))
  const [isAuto, setIsAuto] = useState(false)
  const [auto, setAuto] = useState(typedOf(AUTO_FIRST))
  const [wrong, setWrong] = useState<Wrong>({})
  const { betMin, betMax } = settings

  const amountFault = (stake: number | null): string | undefined => {
    if (stake === null || stake < betMin || stake > betMax) {
      return t('amountWrong', { min: money(betMin, DECIMALS), max: money(betMax, DECIMALS) })
    }
    return balance !== undefined && stake > balance ? t('amountTooMuch') : undefined
  }
  /** Null, and said beside the field, when it is no bet. */
  const wish = (): Wish | null => {
    const [stake, target] = [hundredthsOf(amount), isAuto ? hundredthsOf(auto) : null]
    const ofAmount = amountFault(stake)
    const isTarget = !isAuto || (target !== null && target >= AUTO_MIN && target <= AUTO_MAX)
    setWrong({ ...(ofAmount !== undefined && { amount: ofAmount }), ...(!isTarget && { auto: t('autoWrong') }) })
    return stake === null || ofAmount !== undefined || !isTarget ? null : { amount: stake, autoCashOut: target }
  }
  /** To a stake near the one that is wished, given the one that is there. */
  const change = (wished: (amount: number) => number): void => {
    setAmount(typedOf(bounded(wished(hundredthsOf(amount) ?? betMin), { betMin, betMax, balance })))
    setWrong({})
  }
  return { amount, setAmount, isAuto, setIsAuto, auto, setAuto, wrong, wish, change }
}

export type Slip = ReturnType<typeof useSlip>
