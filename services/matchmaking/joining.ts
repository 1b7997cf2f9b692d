import type { MatcherParts } from './parts.ts'
import { isRefusal } from './refusal.ts'
import type { GameRules } from './rules.ts'
import { tellFound } from './status.ts'
import { type Joining, type MatchmakingTables, markJoined, markRefused } from './store.ts'

/**
 * Seats a player in a running room and says so. Safe to repeat. While the room's answer is not clear the player stays on
 * the way there, so that nobody is ever seated twice.
 */
export async function letJoin(parts: MatcherParts, game: GameRules, joining: Joining): Promise<void> {
  const { kit } = parts
  const db = kit.db.tables<MatchmakingTables>()
  const { playerId, roomId } = joining
  const context = kit.ownContext()
  try {
    const { names } = await kit.call.players.names({ playerIds: [playerId] }, context)
    await kit.call.rooms.seat({ roomId, seat: { playerId, name: names[playerId] ?? 'Player', bot: false } }, context)
  } catch (error) {
    if (!isRefusal(error)) {
      kit.log.warn({ err: error, roomId }, 'whether a player got a seat is not known; it is tried again')
      return
    }
    kit.log.info({ err: error, roomId }, 'a running room did not take a player; back to the queue')
    await markRefused(db, joining, new Date(kit.clock.now()))
    return
  }
  if (await markJoined(db, joining, new Date(kit.clock.now()))) await tellFound(parts, playerId, roomId, game.name)
}
