import type { Game } from '@meydan/contracts/core'
import { allGames } from '@meydan/games/all'
import { getRouteApi, rootRouteId } from '@tanstack/react-router'

export { allGames }

const ARENA = 'arena'

export function gameOf(name: string): Game | undefined {
  return allGames.find((game) => game.name === name)
}

const root = getRouteApi(rootRouteId)

interface Choice {
  /** The game to play: the one that the address asks for (`?game=NAME`), or the first when there is none of that name. */
  readonly game: Game | undefined
  readonly name: string
  readonly isArena: boolean
  /** What the address asks for and is not there. */
  readonly missing: string | null
  readonly others: readonly Game[]
}

export function useGame(): Choice {
  const { game: asked = ARENA } = root.useSearch()
  const game = gameOf(asked) ?? allGames[0]
  const name = game?.name ?? ARENA
  return {
    game,
    name,
    isArena: name === ARENA,
    missing: name === asked ? null : asked,
    others: allGames.filter((other) => other.name !== name),
  }
}
