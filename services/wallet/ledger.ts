import { core, Fault } from '@meydan/contracts/core'
import type { Receipt } from '@meydan/contracts/wallet'
import { type Accounts, type BatchParts, type Ran, type Request, runBatch } from './batch.ts'
import { systemAccounts, type WalletTables } from './store.ts'

/** Requests that one transaction does at most: what a Postgres writes in some ten milliseconds. */
const BATCH_MAX = 200
/** Transactions of a process at once: while one waits for the disk, the other one works. */
const LANES = 2
/** Requests that wait at most; at ten thousand a second they wait for a second. */
const WAITING_MAX = 10_000

export interface Ledger {
  /**
   * Does what is asked, once for its caller's key. Throws the fault that says why not, CANCELLED when nobody waits for it any more, and UNAVAILABLE
   * when too many wait or the database is away: what came of it is then found by asking again with the same key.
   */
  do(request: Request, signal: AbortSignal): Promise<Receipt>
  /** Waits for everything that was asked. */
  idle(): Promise<void>
}

interface Waiting {
  readonly request: Request
  readonly signal: AbortSignal
  readonly resolve: (receipt: Receipt) => void
  readonly reject: (error: unknown) => void
}

export interface LedgerOptions extends BatchParts {
  readonly currencies: readonly string[]
  /** Told of what was done and had not been done before, after its commit. Must not throw. */
  readonly onDone: (fresh: readonly Receipt[]) => void
}

/** Requests that come while a transaction is under way share the next one: the busier the ledger, the cheaper a transfer. */
export function createLedger({ onDone, currencies, ...parts }: LedgerOptions): Ledger {
  let system: Promise<Accounts> | undefined
  let waiting: Waiting[] = []
  const lanes = new Set<Promise<void>>()

  const settle = (batch: readonly Waiting[], { outcomes, fresh }: Ran): void => {
    batch.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index]
      if (outcome === undefined || outcome instanceof Fault) reject(outcome)
      else resolve(outcome)
    })
    onDone(fresh)
  }

  /** Should they not have been found, the next batch looks again. */
  const systemOnce = (): Promise<Accounts> => {
    system ??= systemAccounts(parts.db.tables<WalletTables>(), currencies).catch((error: unknown) => {
      system = undefined
      throw error
    })
    return system
  }

  const runRequests = async (requests: readonly Request[]): Promise<Ran> =>
    runBatch(parts, await systemOnce(), requests)

  const runLane = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_MAX)
      waiting = waiting.slice(BATCH_MAX)
      const wanted = batch.filter(({ signal, reject }) => {
        if (signal.aborted) reject(core.CANCELLED())
        return !signal.aborted
      })
      if (wanted.length > 0) await run(wanted)
    }
  }

  const run = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const requests = batch.map(({ request }) => request)
      settle(batch, await runRequests(requests))
    } catch (error) {
      await afterFailure(batch, error)
    }
  }

  /** Another process may have used a key in the same moment, or one request may be what the database refuses: alone each gets its own answer. */
  const afterFailure = async (batch: readonly Waiting[], error: unknown): Promise<void> => {
    if (error instanceof Fault) {
      for (const { reject } of batch) reject(error)
      return
    }
    for (const each of batch) {
      try {
        settle([each], await runRequests([each.request]))
      } catch (own) {
        each.reject(own)
      }
    }
  }

  return {
    do(request, signal) {
      if (waiting.length >= WAITING_MAX) {
        return Promise.reject(core.UNAVAILABLE({ message: 'Too much waits for the ledger.', retryAfterS: 1 }))
      }
      const { promise, resolve, reject } = Promise.withResolvers<Receipt>()
      waiting.push({ request, signal, resolve, reject })
      if (lanes.size < LANES) {
        const lane = runLane().finally(() => lanes.delete(lane))
        lanes.add(lane)
      }
      return promise
    },
    async idle() {
      while (lanes.size > 0) await Promise.all(lanes)
    },
  }
}
