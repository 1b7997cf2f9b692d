import type { Id } from '@meydan/contracts/core'
import type { CallContext, Job, Kit } from '@meydan/kernel/rpc'
import { sql } from 'kysely'
import type { Called } from './module.ts'
import { addPlayers, type RewardsTables, unknownAmong } from './store.ts'

const EVERY_MS = 5_000
const PAGE = 1_000

/** Who the players are. They are heard of by USER_CREATED; those of before this service was there are asked for. */
export interface Census {
  /** Makes rows of those of these players who have an account and no row yet: their USER_CREATED may still be on its way. */
  meet(playerIds: readonly Id[], context: CallContext): Promise<void>
  /** Goes through everybody who has an account, a page at a time, once in the life of an installation. */
  readonly job: Job
}

export function createCensus({ call, db, ownContext }: Pick<Kit<Called>, 'call' | 'db' | 'ownContext'>): Census {
  const tables = db.tables<RewardsTables>()
  return {
    async meet(playerIds, context) {
      const unknown = await unknownAmong(tables, playerIds)
      if (unknown.length === 0) return
      const known = await call.players.known({ playerIds: unknown }, context)
      await addPlayers(tables, known.playerIds)
    },
    job: {
      name: 'census',
      everyMs: EVERY_MS,
      async run(signal) {
        while (!signal.aborted) {
          const { after, done } = await tables.selectFrom('census').select(['after', 'done']).executeTakeFirstOrThrow()
          if (done) return
          const page = { ...(after !== null && { after }), limit: PAGE }
          const { playerIds } = await call.players.page(page, ownContext())
          await addPlayers(tables, playerIds)
          // Other processes may do the same; whoever is ahead stays ahead.
          await sql`update rewards.census set after = greatest(after, ${playerIds.at(-1) ?? after}::bigint),
            done = ${playerIds.length < PAGE}`.execute(tables)
        }
      },
    },
  }
}
