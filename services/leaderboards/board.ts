import type { Id } from '@meydan/contracts/core'
import type { Cache } from '@meydan/kernel/storage'
import { allLines, type BoardKey, type Db } from './store.ts'

/** A board is a sorted set in the cache (A9), filled from Postgres when it is not there. The cache forgets what nobody asked for in this time. */
const KEPT_MS = 60 * 60_000

const cacheKey = ({ game, period, startsOn }: BoardKey): string => `leaderboard:{${game}:${period}:${startsOn}}`
const filledKey = (board: BoardKey): string => `${cacheKey(board)}:filled`

/** The key of the board's sorted set, which is there when this resolves. */
export async function openBoard(db: Db, cache: Cache, board: BoardKey): Promise<string> {
  const key = cacheKey(board)
  const [isFilled] = await cache.has([filledKey(board)])
  if (isFilled) return key
  for (const { playerId, score } of await allLines(db, board)) await cache.sorted.add(key, playerId, score, KEPT_MS)
  // Marked for less than the set lives, so that a marked board is never an empty one that has just expired.
  await cache.set(filledKey(board), true, KEPT_MS / 2)
  return key
}

/** Something changed in Postgres: the next reader fills the board anew. */
export async function closeBoard(cache: Cache, board: BoardKey): Promise<void> {
  await cache.delete(filledKey(board))
}

export async function removeFromBoard(cache: Cache, board: BoardKey, playerId: Id): Promise<void> {
  await cache.sorted.remove(cacheKey(board), playerId)
}
