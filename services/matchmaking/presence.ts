import type { Id } from '@meydan/contracts/core'
import type { Cache } from '@meydan/kernel/storage'

/** A5: who has not been heard of for this long while waiting is gone. Sockets say so every 15 s by themselves. */
export const PRESENCE_MS = 40_000

const presenceKey = (playerId: Id): string => `matchmaking:{${playerId}}:present`

export async function sayPresent({ cache }: { cache: Cache }, playerId: Id): Promise<void> {
  await cache.set(presenceKey(playerId), true, PRESENCE_MS)
}

export async function presentAmong({ cache }: { cache: Cache }, playerIds: readonly Id[]): Promise<Set<Id>> {
  const here = await cache.has(playerIds.map(presenceKey))
  return new Set(playerIds.filter((_, index) => here[index]))
}
