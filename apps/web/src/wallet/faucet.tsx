import type { BalanceOf } from '@meydan/contracts/wallet'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../client.ts'
import { inWords } from '../community/when.tsx'
import { useFormats } from '../i18n/formats.ts'
import { useLanguage, useText } from '../i18n/i18n.ts'
import { Keys } from '../keys.ts'
import { nextStartMs } from '../leaderboards/period.ts'
import { queries, queryClient } from '../queries.ts'
import { readAnew } from '../read-anew.ts'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { useNow } from '../ui/now.ts'
import { type FaucetLimit, limitOf } from './faucet-limit.ts'

/** Whole coins of one draught. */
const COINS = 100
/** Two presses within this are one. */
const DOUBLE_PRESS_MS = 500

/** Play money for the asking, within the limits of the day. */
export function Faucet({ account }: { account: BalanceOf }) {
  const t = useText('wallet')
  const { price } = useFormats()
  const taking = useTaking(account.currency)
  const limit = limitOf(taking.error, account.balance)
  const whole = COINS * 10 ** account.decimals
  const amount = limit && limit.room > 0 ? Math.min(limit.room, whole) : whole
  const isDry = limit?.room === 0
  return (
    <section
      aria-labelledby="faucet-title"
      data-testid="faucet"
      className="mt-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-4 rounded-2xl border border-line bg-card p-4 sm:p-5"
    >
      <div className="min-w-56 flex-1">
        <h2 id="faucet-title" className="font-semibold">
          {t('faucet')}
        </h2>
        <div aria-live="polite" className="mt-1 min-h-10 text-sm text-pretty text-soft">
          {limit ? <Limit limit={limit} decimals={account.decimals} /> : <p>{t('faucetText')}</p>}
          {taking.error && !limit && (
            <p data-testid="problem" className="text-warn">
              {sentenceOf(taking.error)}
            </p>
          )}
        </div>
      </div>
      {!isDry && (
        <Button
          data-testid="take"
          className="w-full sm:w-auto"
          aria-disabled={taking.isPending}
          onClick={() => taking.isPending || taking.mutate(amount)}
        >
          {t('take', { amount: price(amount, account.decimals) })}
        </Button>
      )}
    </section>
  )
}

function useTaking(currency: string) {
  const [keys] = useState(() => new Keys())
  return useMutation({
    mutationFn: async (amount: number) => {
      const pause = new Promise((resolve) => setTimeout(resolve, DOUBLE_PRESS_MS))
      const taken = await client.call.wallet.faucet({ key: keys.of(`${currency} ${amount}`), currency, amount })
      await pause
      return taken
    },
    onSuccess: () => {
      keys.forget()
      return readAnew(queryClient, queries.balances().queryKey)
    },
  })
}

const LOOK_EVERY_MS = 30_000

function Limit({ limit: { room, by }, decimals }: { limit: FaucetLimit; decimals: number }) {
  const t = useText('wallet')
  const { price } = useFormats()
  const language = useLanguage()
  const nowMs = useNow(LOOK_EVERY_MS)
  const nextMs = nextStartMs('daily', nowMs) ?? nowMs
  const text = (): string => {
    if (room > 0) return t('faucetLeft', { amount: price(room, decimals) })
    return by === 'day' ? t('faucetDay', { when: inWords(nextMs - nowMs, language) }) : t('faucetFull')
  }
  return (
    <p data-testid="faucet-limit" data-by={by}>
      {text()}
    </p>
  )
}
