import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { usePlayerId } from '../session.ts'
import { LobbyLine, type LobbyShown } from './lobby-line.ts'

/** A lobby while it is looked at, as the player who is signed in sees it. */
export function useLobby(lobbyId: number): { readonly line: LobbyLine; readonly shown: LobbyShown } {
  const playerId = usePlayerId()
  // What another player saw is not this one's.
  const line = useMemo(() => new LobbyLine(lobbyId), [lobbyId, playerId])
  useEffect(() => line.open(), [line])
  const shown = useSyncExternalStore(line.onChange, () => line.shown)
  return { line, shown }
}
