import type { Game } from '@meydan/contracts/core'
import { allGames } from '@meydan/games/all'
import { createClient } from '@meydan/sdk'
import { tabStorage } from './identity.ts'

/** The page's one line to the platform it came from. */
export const client = createClient({ url: window.location.origin, storage: await tabStorage() })

export function gameOf(name: string): Game | undefined {
  return allGames.find((game) => game.name === name)
}

/** The game that the address asks for: `/app/?game=NAME`. */
export const askedGame = new URLSearchParams(window.location.search).get('game') ?? 'arena'
/** The game to play: the one asked for, or the first when there is none of that name. */
export const game = gameOf(askedGame) ?? allGames[0]
export const otherGames = allGames.filter(({ name }) => name !== game?.name)

// The network is back, or somebody looks again: no reason to wait for the next try.
window.addEventListener('online', () => client.hurry())
document.addEventListener('visibilitychange', () => client.hurry())
