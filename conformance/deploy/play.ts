import { arena } from '@meydan/games/arena'
import { createClient } from '@meydan/sdk'

/** A guest asks for a match, sees it move, and is told how it ended; gives its id. Throws where the match is not in the guest's history. */
export async function playMatch(url: string): Promise<string> {
  const client = createClient({ url })
  try {
    await client.guest({ displayName: 'Ada' })
    await client.connect()
    const { promise: seen, resolve: see } = Promise.withResolvers<void>()
    const { promise: told, resolve: tell } = Promise.withResolvers<string>()
    client.on('MATCH_FOUND', async ({ roomId }) => {
      const room = await client.joinRoom(roomId, arena)
      room.onSnapshot(() => see())
    })
    client.on('MATCH_RESULT', ({ match }) => tell(match.matchId))
    await client.call.matchmaking.ask({ game: arena.name })
    await seen
    const matchId = await told
    const [newest] = (await client.call.matches.mine({})).matches
    if (newest?.matchId !== matchId) throw new Error(`match ${matchId} is not the newest of its player`)
    return matchId
  } finally {
    client.close()
  }
}
