import { wallet } from '@meydan/contracts/wallet'
import { type Kit, service } from '@meydan/kernel/rpc'
import { expiryJob } from './expiring.ts'
import { walletHandlers } from './handlers.ts'
import { createLedger } from './ledger.ts'
import { teller } from './telling.ts'

export interface Currency {
  /** Digits of the minor unit: 2 when 100 of them are one coin. */
  readonly decimals: number
}

export interface WalletOptions {
  readonly currencies: ReadonlyMap<string, Currency>
}

export function walletService(options: WalletOptions) {
  return service({
    contract: wallet,
    calls: {},
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: Kit<Record<never, never>>) {
      const ledger = createLedger({ ...kit, currencies: [...options.currencies.keys()], onDone: teller(kit) })
      return {
        handlers: walletHandlers(kit, options, ledger),
        jobs: [expiryJob(kit, ledger)],
        drain: () => ledger.idle(),
      }
    },
  })
}
