import type { BalanceOf, WalletChanged } from '@meydan/contracts/wallet'
import type { z } from 'zod'

type Told = z.infer<typeof WalletChanged>['balances'][number]

/** What one player was told of their balances. It may come late or twice: a balance counts when its line is newer than all before. */
export class Newest {
  readonly #lines = new Map<string, number>()

  /** Those of `told` that are news. */
  of(told: readonly Told[]): Told[] {
    const news = told.filter(({ currency, line }) => line > (this.#lines.get(currency) ?? 0))
    for (const { currency, line } of news) this.#lines.set(currency, line)
    return news
  }
}

/** The balances with what was told of them; what is held is not told. */
export function withTold(balances: readonly BalanceOf[], told: readonly Told[]): BalanceOf[] {
  return balances.map((known) => {
    const news = told.find(({ currency }) => currency === known.currency)
    return news ? { ...known, balance: news.balance } : known
  })
}
