import type { Id } from '@meydan/contracts/core'
import { type Line, type leaderboards, leaderboardsErrors, type Period } from '@meydan/contracts/leaderboards'
import type { CallContext, Handlers, Kit } from '@meydan/kernel/rpc'
import type { Board, LeaderboardsTables } from './board.ts'
import type { Called, LeaderboardsOptions } from './module.ts'
import { startOf, windowAround } from './rules.ts'
import { linesNear, type PlacedLine, topLines } from './store.ts'

const UNKNOWN_NAME = 'Player'

export function leaderboardsHandlers(kit: Kit<Called>, options: LeaderboardsOptions): Handlers<typeof leaderboards> {
  const db = kit.db.tables<LeaderboardsTables>()
  const games = new Set(options.games.map(({ name }) => name))

  const boardNow = ({ game, period }: { game: string; period: Period }): Board => {
    if (!games.has(game)) throw leaderboardsErrors.UNKNOWN_GAME({ details: { field: 'game' } })
    return { game, period, startsOn: startOf(period, kit.clock.now()) }
  }

  const around = async (board: Board, playerId: Id, limit: number): Promise<PlacedLine[]> => {
    const near = await linesNear(db, board, playerId, limit)
    const own = near.find((line) => line.playerId === playerId)
    const last = near.at(-1)
    if (!own || !last) return []
    // When the board goes on below the last of these lines, the player is far enough from its end for that not to matter.
    const { from, to } = windowAround(own.place, limit, last.place + 1)
    return near.filter(({ place }) => from <= place && place <= to)
  }

  const named = async (found: readonly PlacedLine[], context: CallContext): Promise<Line[]> => {
    if (found.length === 0) return []
    const { names } = await kit.call.players.names({ playerIds: found.map(({ playerId }) => playerId) }, context)
    return found.map(({ place, playerId, score }) => ({
      rank: place + 1,
      playerId,
      name: names[playerId] ?? UNKNOWN_NAME,
      score,
    }))
  }

  return {
    async top({ limit, ...board }, context) {
      return { lines: await named(await topLines(db, boardNow(board), limit), context) }
    },
    async around({ limit, ...board }, context) {
      return { lines: await named(await around(boardNow(board), context.caller.playerId, limit), context) }
    },
    async rank(board, context) {
      const [line] = await named(await around(boardNow(board), context.caller.playerId, 1), context)
      return { line: line ?? null }
    },
  }
}
