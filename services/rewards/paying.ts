import type { Gift } from '@meydan/contracts/rewards'
import { playerAccount } from '@meydan/contracts/wallet'
import type { CallContext, Job, Kit } from '@meydan/kernel/rpc'
import type { Called } from './module.ts'
import type { RewardsTables } from './store.ts'
import type { RewardTypes } from './types.ts'
import { countUnpaid, type Payment, removeUnpaid, takeUnpaid } from './unpaid.store.ts'

const EVERY_MS = 1_000
const PAYMENTS_MAX = 200

export interface Payer {
  /** Has the wallet move the money of these gifts. Throws what the wallet throws; the job goes on with what is left then. */
  pay(gifts: readonly Gift[], context: CallContext): Promise<void>
  /** The same for who need not know whether it is done yet. */
  paySoon(gifts: readonly Gift[], context: CallContext): Promise<void>
  /** Pays what a crash or a wallet that was away has left. */
  readonly job: Job
}

/**
 * Money is moved by the wallet, from the account `rewards`, after the reward was written here as unpaid. The transfer's key follows from
 * the reward, so that paying again, in any process, pays nothing more.
 */
export function createPayer(
  kit: Pick<Kit<Called>, 'call' | 'db' | 'clock' | 'ownContext' | 'metrics'>,
  types: RewardTypes,
): Payer {
  const db = kit.db.tables<RewardsTables>()
  const unpaid = kit.metrics.gauge('meydan_rewards_unpaid', 'Rewards whose money the wallet has not moved yet')

  const payOne = async ({ rewardId, playerId, currency, amount, reason }: Payment, context: CallContext) => {
    const legs = [{ from: 'rewards' as const, to: playerAccount(playerId), currency, amount }]
    await kit.call.wallet.transfer({ key: `reward:${rewardId}`, reason, legs }, context)
    return rewardId
  }

  const payAll = async (payments: readonly Payment[], context: CallContext): Promise<void> => {
    const results = await Promise.allSettled(payments.map((payment) => payOne(payment, context)))
    const paid = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    if (paid.length > 0) await removeUnpaid(db, paid)
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
  }

  const paymentsOf = ({ playerId, reason, given }: Gift): Payment[] =>
    given.flatMap(({ rewardId, type, amount }) =>
      types.get(type)?.kind === 'currency' ? [{ rewardId, playerId, currency: type, amount, reason }] : [],
    )
  const pay = (gifts: readonly Gift[], context: CallContext) => payAll(gifts.flatMap(paymentsOf), context)

  return {
    pay,
    async paySoon(gifts, context) {
      try {
        await pay(gifts, context)
      } catch (error) {
        context.log.warn({ err: error }, 'the wallet did not pay rewards; they are paid later')
      }
    },
    job: {
      name: 'pay',
      everyMs: EVERY_MS,
      async run(signal) {
        unpaid(await countUnpaid(db))
        let payments: Payment[]
        do {
          payments = await takeUnpaid(db, new Date(kit.clock.now()), PAYMENTS_MAX)
          await payAll(payments, kit.ownContext())
        } while (payments.length === PAYMENTS_MAX && !signal.aborted)
      },
    },
  }
}
