import type { Id } from '@meydan/contracts/core'
import { crashErrors, type Phase } from '@meydan/contracts/crash'
import type { Rising } from '@meydan/games/crash'
import type { LiveBet } from './bets.store.ts'

/** One round in the memory of its lobby's owner. Times are monotonic. */
export interface Playing {
  readonly roundId: Id
  readonly number: number
  readonly hash: Buffer
  /** A secret until it has crashed. */
  readonly crashPoint: number
  readonly bets: Map<Id, LiveBet>
  readonly byPlayer: Map<Id, LiveBet>
  /** Players whose bets are being placed. */
  readonly placing: Map<Id, { readonly key: string; readonly placed: Promise<LiveBet> }>
  /** Bets that are being cashed out, until that is stored. */
  readonly cashing: Map<Id, Promise<LiveBet>>
  bettingEndsMs: number | undefined
  startedMs: number
  staked: number
  rising: Rising | undefined
}

export type Stage = 'opening' | 'waiting' | 'betting' | 'starting' | 'rising' | 'ending' | 'crashed' | 'gone'
/** What everybody is told of a stage. */
export const SHOWN: Readonly<Record<Stage, Phase>> = {
  opening: 'crashed',
  waiting: 'waiting',
  betting: 'betting',
  starting: 'betting',
  rising: 'rising',
  ending: 'rising',
  crashed: 'crashed',
  gone: 'crashed',
}

/** A round that nobody has bet on yet. */
export function newRound(drawn: Pick<Playing, 'roundId' | 'number' | 'hash' | 'crashPoint'>): Playing {
  return {
    ...drawn,
    bets: new Map(),
    byPlayer: new Map(),
    placing: new Map(),
    cashing: new Map(),
    bettingEndsMs: undefined,
    startedMs: 0,
    staked: 0,
    rising: undefined,
  }
}

/** A bet that is not being cashed out: how it ended says what the answer is. */
export function ended(bet: LiveBet): LiveBet {
  if (bet.state === 'won') return bet
  if (bet.state === 'voided') throw crashErrors.BET_ENDED()
  throw crashErrors.TOO_LATE()
}
