import { allGames } from '@meydan/games/all'
import { browserStorage, createClient } from '@meydan/sdk'

/** The page's one line to the platform it came from. */
export const client = createClient({ url: window.location.origin, storage: browserStorage(window.localStorage) })

const wanted = new URLSearchParams(window.location.search).get('game') ?? 'arena'
/** The game the address names; the arena when there is none of that name. */
export const game = allGames.find(({ name }) => name === wanted) ?? allGames[0]
