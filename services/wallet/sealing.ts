import type { Job, Kit } from '@meydan/kernel/rpc'
import { type DaysTables, daysToSeal, sealDay } from './days.ts'

const EVERY_MS = 60_000
/** Longer than a run may take. */
const LEASE_MS = 90_000
const LEASE = 'wallet.sealing'

/** Seals the days that are over: in one process, though two that did would do the same. */
export function sealingJob({ db, leases, log }: Pick<Kit, 'db' | 'leases' | 'log'>): Job {
  const owner = crypto.randomUUID()
  return {
    name: 'seal-days',
    everyMs: EVERY_MS,
    async run(signal) {
      if (!(await leases.acquire(LEASE, owner, LEASE_MS))) return
      for (const day of await daysToSeal(db.tables<DaysTables>())) {
        if (signal.aborted) return
        const { transfers, head } = await sealDay(db, day)
        log.info({ day, transfers, head: head.toString('hex') }, 'a day of the ledger is sealed')
      }
    },
  }
}
