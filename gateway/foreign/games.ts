import { z } from 'zod'
import type { Platform } from './platform.ts'
import type { Route } from './route.ts'
import { LobbyNumber, read } from './written.ts'

const Opening = z.object({ lobby_id: LobbyNumber.nullish() })
const Named = z.object({ lobby_id: LobbyNumber })
/** The one that is there from the start. */
const FIRST_LOBBY = 1

export function gameRoutes({ crash }: Platform): readonly Route[] {
  return [
    {
      method: 'POST',
      url: '/game/v1/lobby',
      async work({ body }, context) {
        const { lobby_id } = read(Opening, body)
        const lobby = typeof lobby_id === 'number' ? { lobbyId: lobby_id } : {}
        const { lobbyId } = await crash.open({ ...lobby, waitsForBet: true }, context)
        return { lobby_id: lobbyId }
      },
    },
    {
      method: 'GET',
      url: '/game/v1/lobby/:lobby_id',
      async work({ params, socketUrl }, context) {
        const { lobby_id } = read(Named, params)
        await crash.lobby({ lobbyId: lobby_id }, context)
        return { websocket_url: socketUrl() }
      },
    },
    {
      method: 'GET',
      url: '/game/v1/status',
      async work(_asked, context) {
        await crash.rounds({ lobbyId: FIRST_LOBBY }, context)
        return { status: 'running' }
      },
    },
  ]
}
