import { players } from '@meydan/contracts/players'
import { rewards } from '@meydan/contracts/rewards'
import { wallet } from '@meydan/contracts/wallet'
import { type Kit, service } from '@meydan/kernel/rpc'
import { createCensus } from './census.ts'
import { clearingJob } from './delivering.ts'
import { rewardsListeners } from './events.ts'
import { rewardsHandlers } from './handlers.ts'
import { createPayer } from './paying.ts'
import { createTeller } from './telling.ts'
import { checkRewardTypes, type RewardTypes } from './types.ts'

export type Called = { players: typeof players; wallet: typeof wallet }

export interface RewardsOptions {
  readonly types: RewardTypes
  /** Those of the wallet. */
  readonly currencies: ReadonlySet<string>
}

/** Throws an OperatorError when the types do not fit the wallet's currencies or the platform's own rewards. */
export function rewardsService({ types, currencies }: RewardsOptions) {
  checkRewardTypes(types, currencies)
  return service({
    contract: rewards,
    calls: { players, wallet },
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: Kit<Called>) {
      const parts = { kit, types, payer: createPayer(kit, types), teller: createTeller(kit), census: createCensus(kit) }
      return {
        handlers: rewardsHandlers(parts),
        listeners: rewardsListeners(parts),
        jobs: [parts.payer.job, parts.census.job, clearingJob(kit)],
      }
    },
  })
}
