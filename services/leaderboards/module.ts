import { USER_DELETED } from '@meydan/contracts/identity'
import { leaderboards } from '@meydan/contracts/leaderboards'
import { MATCH_FINISHED } from '@meydan/contracts/matches'
import { players } from '@meydan/contracts/players'
import { type Listener, listen } from '@meydan/kernel/events'
import { type Kit, service } from '@meydan/kernel/rpc'
import { closeBoard, removeFromBoard } from './board.ts'
import { leaderboardsHandlers } from './handlers.ts'
import { PERIODS, startOf } from './rules.ts'
import { addScore, boardsOf, deleteLines, type LeaderboardsTables } from './store.ts'

export type Called = { players: typeof players }

export function leaderboardsService() {
  return service({
    contract: leaderboards,
    calls: { players },
    migrations: new URL('./migrations/', import.meta.url),
    build: (kit: Kit<Called>) => ({ handlers: leaderboardsHandlers(kit), listeners: listeners(kit) }),
  })
}

function listeners({ cache }: Kit<Called>): Listener[] {
  return [
    listen<typeof MATCH_FINISHED, LeaderboardsTables>(MATCH_FINISHED, 'add-scores', async (tx, { data: { match } }) => {
      const boards = PERIODS.map((period) => ({
        game: match.game,
        period,
        startsOn: startOf(period, Date.parse(match.endedAt)),
      }))
      const people = match.placings.filter(({ bot }) => !bot).toSorted((a, b) => (a.playerId < b.playerId ? -1 : 1))
      for (const board of boards) for (const { playerId, score } of people) await addScore(tx, board, playerId, score)
      for (const board of boards) await closeBoard(cache, board)
    }),
    listen<typeof USER_DELETED, LeaderboardsTables>(USER_DELETED, 'forget', async (tx, { data }) => {
      const boards = await boardsOf(tx, data.userId)
      await deleteLines(tx, data.userId)
      for (const board of boards) await removeFromBoard(cache, board, data.userId)
    }),
  ]
}
