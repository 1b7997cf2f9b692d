import { wallet } from '@meydan/contracts/wallet'
import { type Kit, service } from '@meydan/kernel/rpc'
import { auditJob } from './auditing.ts'
import { closingJob, walletListeners } from './closing.ts'
import { expiryJob } from './expiring.ts'
import { walletHandlers } from './handlers.ts'
import { createLedger } from './ledger.ts'
import type { FaucetLimits } from './rules.ts'
import { sealingJob } from './sealing.ts'
import { teller } from './telling.ts'

export interface Currency {
  /** Digits of the minor unit: 2 when 100 of them are one coin. */
  readonly decimals: number
  readonly faucet: FaucetLimits
}

export interface WalletOptions {
  readonly currencies: ReadonlyMap<string, Currency>
}

const NOTHING: FaucetLimits = { perDay: 0, upTo: 0 }

export function walletService(options: WalletOptions) {
  return service({
    contract: wallet,
    calls: {},
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: Kit<Record<never, never>>) {
      const { currencies } = options
      const faucet = (currency: string): FaucetLimits => currencies.get(currency)?.faucet ?? NOTHING
      const ledger = createLedger({ ...kit, faucet, currencies: [...currencies.keys()], onDone: teller(kit) })
      return {
        handlers: walletHandlers(kit, options, ledger),
        listeners: walletListeners(),
        jobs: [expiryJob(kit, ledger), closingJob(kit, ledger), sealingJob(kit), auditJob(kit)],
        drain: () => ledger.idle(),
      }
    },
  })
}
