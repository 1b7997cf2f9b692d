import type { Game } from '@meydan/contracts/core'
import { arena } from '../arena/index.ts'
import { tictactoe } from '../tictactoe/index.ts'

/** Every game this platform offers, by the order of the page. `npm run new-game` adds to it. */
export const allGames: readonly Game[] = [arena, tictactoe]
