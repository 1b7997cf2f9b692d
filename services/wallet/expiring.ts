import { Fault } from '@meydan/contracts/core'
import { wallet } from '@meydan/contracts/wallet'
import type { Job, Kit } from '@meydan/kernel/rpc'
import type { Ledger } from './ledger.ts'
import { expiredHolds } from './statement.ts'
import type { WalletTables } from './store.ts'

const EVERY_MS = 1_000
const HOLDS_MAX = 500

/** Gives back what holds kept whose time is over. Each process may do so: the key of an expiry is its hold's, so it happens once. */
export function expiryJob({ db, clock }: Pick<Kit, 'db' | 'clock'>, ledger: Ledger): Job {
  return {
    name: 'expire-holds',
    everyMs: EVERY_MS,
    async run(signal) {
      const holdIds = await expiredHolds(db.tables<WalletTables>(), new Date(clock.now()), HOLDS_MAX)
      await Promise.all(holdIds.map((holdId) => expire(ledger, holdId, signal)))
    },
  }
}

async function expire(ledger: Ledger, holdId: string, signal: AbortSignal): Promise<void> {
  const request = { caller: wallet.name, key: `expired:${holdId}`, reason: 'hold.expired' }
  try {
    await ledger.do({ ...request, move: { kind: 'void', holdId } }, signal)
  } catch (error) {
    // Somebody ended it meanwhile: so much the better.
    if (!(error instanceof Fault && error.code === 'HOLD_ENDED')) throw error
  }
}
