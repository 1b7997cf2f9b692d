import { USER_DELETED } from '@meydan/contracts/identity'
import { MATCH_REQUESTED } from '@meydan/contracts/matchmaking'
import { ROOM_ENDED, SEAT_LEFT } from '@meydan/contracts/rooms'
import { type Listener, listen } from '@meydan/kernel/events'
import type { Matcher } from './matcher.ts'
import { deleteQueued, type MatchmakingTables, removePlayer, removeRoom } from './store.ts'

/** What matchmaking hears. It publishes MATCH_REQUESTED (see `ask` in handlers.ts). */
export function matchmakingListeners(matcher: Matcher): Listener[] {
  return [
    // Only wakes the matcher, which has a transaction and a lock of its own; a lost wake is made up for by the job.
    listen<typeof MATCH_REQUESTED, MatchmakingTables>(MATCH_REQUESTED, 'match', async (_tx, { data }) =>
      matcher.wake(data.game),
    ),
    listen<typeof ROOM_ENDED, MatchmakingTables>(ROOM_ENDED, 'free-players', (tx, { data }) =>
      removeRoom(tx, data.game, data.roomId),
    ),
    listen<typeof SEAT_LEFT, MatchmakingTables>(SEAT_LEFT, 'free-player', (tx, { data }) =>
      removePlayer(tx, data.playerId, data.roomId),
    ),
    listen<typeof USER_DELETED, MatchmakingTables>(USER_DELETED, 'forget', async (tx, { data }) => {
      await deleteQueued(tx, data.userId)
    }),
  ]
}
