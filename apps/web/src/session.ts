import { useSyncExternalStore } from 'react'
import { client } from './client.ts'
import { queryClient } from './queries.ts'

const listeners = new Set<() => void>()

/** Says that somebody else is signed in now, or nobody: what was read for the one before is not theirs. */
export function playerChanged(): void {
  for (const listener of listeners) listener()
  // Once React has taken away what is not theirs to see: what is still shown is read anew, and nothing else.
  setTimeout(() => void queryClient.resetQueries())
}

client.onSignedOut(playerChanged)

function onChange(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Who is signed in; null: nobody. */
export function usePlayerId(): string | null {
  return useSyncExternalStore(onChange, () => client.player?.playerId ?? null)
}
