import { USER_DELETED } from '@meydan/contracts/identity'
import { MATCH_FINISHED } from '@meydan/contracts/matches'
import { type Listener, listen } from '@meydan/kernel/events'
import type { LeaderboardsTables } from './board.ts'
import { PERIODS, startOf } from './rules.ts'
import { addResults, forgetPlayer, forgottenAmong, lockGame } from './store.ts'

/** What leaderboards hear. `linesMax`: of a bucket. */
export function leaderboardsListeners(linesMax: number): Listener[] {
  return [
    listen<typeof MATCH_FINISHED, LeaderboardsTables>(MATCH_FINISHED, 'add-scores', async (tx, { data: { match } }) => {
      const people = match.placings.filter(({ bot }) => !bot)
      const { game, endedAt: at } = match
      await lockGame(tx, game)
      const forgotten = await forgottenAmong(
        tx,
        people.map(({ playerId }) => playerId),
      )
      const results = people.filter(({ playerId }) => !forgotten.has(playerId))
      for (const period of PERIODS) {
        await addResults(tx, { game, period, startsOn: startOf(period, Date.parse(at)), at, linesMax }, results)
      }
    }),
    listen<typeof USER_DELETED, LeaderboardsTables>(USER_DELETED, 'forget', (tx, { data }) =>
      forgetPlayer(tx, data.userId, linesMax),
    ),
  ]
}
