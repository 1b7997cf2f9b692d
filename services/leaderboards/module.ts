import { leaderboards } from '@meydan/contracts/leaderboards'
import { players } from '@meydan/contracts/players'
import { type Kit, service } from '@meydan/kernel/rpc'
import { BUCKET_LINES_MAX } from './buckets.ts'
import { leaderboardsListeners } from './events.ts'
import { leaderboardsHandlers } from './handlers.ts'

export type Called = { players: typeof players }

export interface LeaderboardsOptions {
  /** The games that have boards. */
  readonly games: readonly { readonly name: string }[]
  /** Lines of a bucket at most; BUCKET_LINES_MAX unless given. Tests of small boards want small ones. */
  readonly bucketLinesMax?: number
}

export function leaderboardsService(options: LeaderboardsOptions) {
  return service({
    contract: leaderboards,
    calls: { players },
    migrations: new URL('./migrations/', import.meta.url),
    build: (kit: Kit<Called>) => ({
      handlers: leaderboardsHandlers(kit, options),
      listeners: leaderboardsListeners(options.bucketLinesMax ?? BUCKET_LINES_MAX),
    }),
  })
}
