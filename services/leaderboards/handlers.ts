import type { Line, leaderboards, Period } from '@meydan/contracts/leaderboards'
import type { CallContext, Handlers, Kit } from '@meydan/kernel/rpc'
import { openBoard } from './board.ts'
import type { Called } from './module.ts'
import { startOf, windowAround } from './rules.ts'
import type { LeaderboardsTables } from './store.ts'

const UNKNOWN_NAME = 'Player'

export function leaderboardsHandlers({ db, cache, clock, call }: Kit<Called>): Handlers<typeof leaderboards> {
  const open = ({ game, period }: { game: string; period: Period }): Promise<string> =>
    openBoard(db.tables<LeaderboardsTables>(), cache, { game, period, startsOn: startOf(period, clock.now()) })

  const lines = async (key: string, from: number, to: number, context: CallContext): Promise<Line[]> => {
    const found = await cache.sorted.top(key, from, to)
    const { names } = await call.players.names({ playerIds: found.map(({ member }) => member) }, context)
    return found.map(({ member, score }, index) => ({
      rank: from + index + 1,
      playerId: member,
      name: names[member] ?? UNKNOWN_NAME,
      score,
    }))
  }

  return {
    async top({ limit, ...board }, context) {
      return { lines: await lines(await open(board), 0, limit - 1, context) }
    },
    async around({ limit, ...board }, context) {
      const key = await open(board)
      const place = await cache.sorted.rank(key, context.caller.playerId)
      if (place === undefined) return { lines: [] }
      const { from, to } = windowAround(place, limit, await cache.sorted.size(key))
      return { lines: await lines(key, from, to, context) }
    },
    async rank(board, context) {
      const key = await open(board)
      const place = await cache.sorted.rank(key, context.caller.playerId)
      if (place === undefined) return { line: null }
      const [line] = await lines(key, place, place, context)
      return { line: line ?? null }
    },
  }
}
