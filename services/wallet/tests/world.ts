import { playerContext, serviceContext, testKit } from '@meydan/conformance/harness'
import type { Id } from '@meydan/contracts/core'
import { playerAccount, type Receipt, wallet } from '@meydan/contracts/wallet'
import { manualClock } from '@meydan/kernel/time'
import { sql } from 'kysely'
import { audit, type Finding } from '../audit.ts'
import { walletService } from '../module.ts'

export const CURRENCIES = new Map([
  ['coins', { decimals: 2, faucet: { perDay: 1_000, upTo: 5_000 } }],
  ['gems', { decimals: 0, faucet: { perDay: 0, upTo: 0 } }],
])
export const NOON = Date.UTC(2026, 10, 18, 12)

/** The wallet on a Postgres of its own, asked as a service asks; `process()` is one more process of it. */
export async function openWorld() {
  const clock = manualClock(NOON)
  const service = walletService({ currencies: CURRENCIES })
  const made = await testKit('wallet', service.migrations, { clock })
  const db = made.kit.db.tables()
  let keys = 0
  const asked = (input: object) => ({ key: `key-${++keys}`, reason: 'test', ...input })

  const process = () => {
    const { handlers, jobs = [], listeners = [], drain } = service.build(made.kit)
    const { transfer, hold, post, void: undo, reverse } = wallet.procedures
    return {
      handlers,
      listeners,
      drain: () => drain?.(5_000),
      transfer: (input: object, caller = 'test') =>
        handlers.transfer(transfer.input.parse(asked(input)), serviceContext(caller)),
      hold: (input: object) => handlers.hold(hold.input.parse(asked(input)), serviceContext('test')),
      post: (input: object) => handlers.post(post.input.parse(asked(input)), serviceContext('test')),
      void: (input: object) => handlers.void(undo.input.parse(asked(input)), serviceContext('test')),
      reverse: (input: object) => handlers.reverse(reverse.input.parse(asked(input)), serviceContext('test')),
      take: (playerId: Id, amount: number, key = `key-${++keys}`, currency = 'coins') =>
        handlers.faucet({ key, currency, amount }, playerContext(playerId)),
      set: (playerId: Id, balance: number, key = `key-${++keys}`) =>
        handlers.setBalance({ key, currency: 'coins', balance }, playerContext(playerId)),
      async runJobs(): Promise<void> {
        for (const job of jobs) await job.run(new AbortController().signal)
      },
    }
  }
  const here = process()
  return {
    made,
    service,
    clock,
    process,
    ...here,
    /** From the faucet. */
    give: (playerId: Id, amount: number, currency = 'coins'): Promise<Receipt> =>
      here.transfer({ legs: [{ from: 'faucet', to: playerAccount(playerId), currency, amount }] }),
    async has(playerId: Id, currency = 'coins') {
      const { balances } = await here.handlers.balances({}, playerContext(playerId))
      const found = balances.find((each) => each.currency === currency)
      return [found?.balance, found?.held]
    },
    async findings(head?: Buffer): Promise<Finding[]> {
      const found: Finding[] = []
      for await (const { findings } of audit(made.kit.db, head)) found.push(...findings)
      return found
    },
    /** As whoever comes past the triggers of a table. */
    async tamper(table: string, statement: string): Promise<void> {
      await sql.raw(`alter table wallet.${table} disable trigger user`).execute(db)
      await sql.raw(statement).execute(db)
      await sql.raw(`alter table wallet.${table} enable trigger user`).execute(db)
    },
    rows: async <R>(query: string): Promise<R[]> => (await sql.raw<R>(query).execute(db)).rows,
    async close(): Promise<void> {
      await here.drain()
      await made.close()
    },
  }
}

export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    (error: { code?: unknown }) => error.code ?? error,
  )
}
