import type { Id } from '@meydan/contracts/core'
import type { Cache } from '@meydan/kernel/storage'

/** A5: who has not been heard of for this long while waiting is gone. Sockets say so every 15 s by themselves. */
export const PRESENCE_MS = 40_000
/** The longest a cache keeps anything. */
const MEMORY_MS = 86_400_000

const presenceKey = (playerId: Id): string => `matchmaking:{${playerId}}:present`
/** There as long as the cache remembers: without it, that a player's key is missing says nothing about the player. */
export const MEMORY_KEY = 'matchmaking:memory'

export async function sayPresent({ cache }: { cache: Cache }, playerId: Id): Promise<void> {
  await cache.set(presenceKey(playerId), true, PRESENCE_MS)
}

/**
 * A cache that was lost (the platform was started again, say) knows nobody: then everybody counts as present,
 * and has from now on as long to be heard of as anybody who has just asked.
 */
export async function presentAmong({ cache }: { cache: Cache }, playerIds: readonly Id[]): Promise<Set<Id>> {
  if (playerIds.length === 0) return new Set()
  const [remembers, ...here] = await cache.has([MEMORY_KEY, ...playerIds.map(presenceKey)])
  if (remembers) return new Set(playerIds.filter((_, index) => here[index]))
  await Promise.all(playerIds.map((playerId) => sayPresent({ cache }, playerId)))
  await cache.set(MEMORY_KEY, true, MEMORY_MS)
  return new Set(playerIds)
}
