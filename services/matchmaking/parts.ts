import type { bots } from '@meydan/contracts/bots'
import type { matches } from '@meydan/contracts/matches'
import type { players } from '@meydan/contracts/players'
import type { rooms } from '@meydan/contracts/rooms'
import type { Kit } from '@meydan/kernel/rpc'
import type { GameRules } from './rules.ts'

export type Called = {
  players: typeof players
  rooms: typeof rooms
  bots: typeof bots
  matches: typeof matches
}

/** What every part of matchmaking is given. */
export interface MatcherParts {
  readonly kit: Kit<Called>
  readonly games: ReadonlyMap<string, GameRules>
  readonly botWaitMs: number
}
