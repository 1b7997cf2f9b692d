import { bots } from '@meydan/contracts/bots'
import { matches } from '@meydan/contracts/matches'
import { matchmaking } from '@meydan/contracts/matchmaking'
import { players } from '@meydan/contracts/players'
import { rooms } from '@meydan/contracts/rooms'
import { type Kit, service } from '@meydan/kernel/rpc'
import { matchmakingListeners } from './events.ts'
import { matchmakingHandlers } from './handlers.ts'
import { createMatcher } from './matcher.ts'
import type { Called } from './parts.ts'
import type { GameRules } from './rules.ts'
import { busyGames, countQueued, type MatchmakingTables } from './store.ts'

export interface MatchmakingOptions {
  readonly games: readonly GameRules[]
  /** How long the first in a room waits before bots fill it. */
  readonly botWaitMs: number
}

/** Finds what nobody announces: time-outs, players who went away, and what a process that died left undone. */
const LOOK_EVERY_MS = 250

export function matchmakingService(options: MatchmakingOptions) {
  return service({
    contract: matchmaking,
    calls: { players, rooms, bots, matches },
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: Kit<Called>) {
      const games = new Map(options.games.map((game) => [game.name, game]))
      const parts = { kit, games, botWaitMs: options.botWaitMs }
      const matcher = createMatcher(parts)
      let waiting = 0
      kit.metrics.observe('meydan_queue_depth', 'Players who wait for a match', () => waiting)
      const look = async (): Promise<void> => {
        waiting = await countQueued(kit.db.tables<MatchmakingTables>())
        const busy = await busyGames(kit.db.tables<MatchmakingTables>())
        await Promise.all(busy.map((game) => matcher.run(game)))
      }
      return {
        handlers: matchmakingHandlers(parts, matcher),
        listeners: matchmakingListeners(matcher),
        jobs: [{ name: 'look', everyMs: LOOK_EVERY_MS, run: look }],
      }
    },
  })
}
