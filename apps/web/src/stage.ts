import type { Status } from '@meydan/contracts/matchmaking'
import type { Fact } from './match/facts.ts'

/** One player's part in a match, as far as the page knows it. */
export interface Line {
  readonly playerId: string
  readonly name: string
  readonly score: number
  readonly kills?: number
  readonly deaths?: number
}

/** How a match ended, as its room showed it. Empty when the room shows no scores: then the stored result tells. */
export interface MatchResult {
  readonly roomId: string
  readonly lines: readonly Line[]
  /** What else the page saw that is worth telling. */
  readonly facts?: readonly Fact[]
}

export type Queued = Extract<Status, { state: 'queued' }>

export type Stage =
  | { readonly name: 'landing'; readonly isBusy: boolean; readonly problem: string | null }
  | { readonly name: 'queued'; readonly status: Queued }
  | { readonly name: 'match'; readonly roomId: string; readonly game: string }
  | { readonly name: 'result'; readonly result: MatchResult; readonly game: string }

export const landing = (more: Partial<Extract<Stage, { name: 'landing' }>> = {}): Stage => ({
  name: 'landing',
  isBusy: false,
  problem: null,
  ...more,
})

/** The server's status, seen from where the page is. */
export function stageAfter(now: Stage, status: Status): Stage {
  if (status.state === 'playing') {
    const isThere = now.name === 'match' && now.roomId === status.roomId
    return isThere ? now : { name: 'match', roomId: status.roomId, game: status.game }
  }
  // What was said of the queue may come after the match was found.
  if (status.state === 'queued') return now.name === 'match' ? now : { name: 'queued', status }
  return now.name === 'queued' || (now.name === 'landing' && now.isBusy) ? landing() : now
}
