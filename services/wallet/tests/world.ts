import { serviceContext, testKit } from '@meydan/conformance/harness'
import type { Id, InputOf } from '@meydan/contracts/core'
import { playerAccount, type Receipt, wallet } from '@meydan/contracts/wallet'
import { manualClock } from '@meydan/kernel/time'
import { sql } from 'kysely'
import { walletService } from '../module.ts'

export const CURRENCIES = new Map([
  ['coins', { decimals: 2 }],
  ['gems', { decimals: 0 }],
])
export const NOON = Date.UTC(2026, 10, 18, 12)

type Input<K extends keyof typeof wallet.procedures> = InputOf<(typeof wallet.procedures)[K]>

/** The wallet on a Postgres of its own, asked as the service `test` asks. */
export async function openWorld() {
  const clock = manualClock(NOON)
  const service = walletService({ currencies: CURRENCIES })
  const made = await testKit('wallet', service.migrations, { clock })
  const { handlers, jobs = [], drain } = service.build(made.kit)
  const db = made.kit.db.tables()
  let keys = 0
  const parsed = <K extends 'transfer' | 'hold' | 'post' | 'void' | 'reverse'>(name: K, input: object) =>
    wallet.procedures[name].input.parse({ key: `key-${++keys}`, reason: 'test', ...input })

  const world = {
    made,
    clock,
    handlers,
    transfer: (input: Partial<Input<'transfer'>>, caller = 'test'): Promise<Receipt> =>
      handlers.transfer(parsed('transfer', input) as never, serviceContext(caller)),
    /** From the faucet. */
    give: (playerId: Id, amount: number, currency = 'coins'): Promise<Receipt> =>
      world.transfer({ legs: [{ from: 'faucet', to: playerAccount(playerId), currency, amount }] }),
    async expire(): Promise<void> {
      for (const job of jobs) await job.run(new AbortController().signal)
    },
    async close(): Promise<void> {
      await drain?.(1_000)
      await made.close()
    },
    rows: async <R>(query: string): Promise<R[]> => (await sql.raw<R>(query).execute(db)).rows,
  }
  return world
}
export type World = Awaited<ReturnType<typeof openWorld>>
