import {
  type Bet,
  CRASH_BETS,
  CRASH_BETTING,
  CRASH_CASHED_OUT,
  CRASH_ENDED,
  CRASH_STARTED,
  type CrashBets,
  type CrashBetting,
  type CrashCashedOut,
  type CrashEnded,
  type CrashStarted,
  type FinishedRound,
  type Lobby,
  type OwnBet,
  type Phase,
} from '@meydan/contracts/crash'
import type { z } from 'zod'

/** A round as the page knows it. Moments are ms since 1970 by the server's clock. */
export interface RoundState {
  readonly roundId: string
  readonly phase: Phase
  readonly bettingEndsAtMs: number | null
  readonly startedAtMs: number | null
  /** Hundredths; null until it is over. */
  readonly crashedAt: number | null
  /** It was given up at `crashedAt` without a crash. */
  readonly isInterrupted: boolean
  readonly nextAtMs: number | null
  /** The first ones; the sums below are of all. Amounts are minor units. */
  readonly bets: ReadonlyMap<string, Bet>
  readonly betCount: number
  readonly staked: number
  readonly wonCount: number
  readonly paid: number
  /** The player's own. */
  readonly mine: OwnBet | null
}

export interface LobbyState {
  readonly round: RoundState | null
  /** Newest first. */
  readonly history: readonly FinishedRound[]
}

/** Not an event of its own: an answer, or BET_ENDED, said how the player's bet stands. */
export const OWN_BET = 'OWN_BET'

/** What changes a lobby; ticks only move the clock (clock.ts). */
export type Told =
  | { readonly event: typeof CRASH_BETTING; readonly data: z.infer<typeof CrashBetting> }
  | { readonly event: typeof CRASH_BETS; readonly data: z.infer<typeof CrashBets> }
  | { readonly event: typeof CRASH_STARTED; readonly data: z.infer<typeof CrashStarted> }
  | { readonly event: typeof CRASH_CASHED_OUT; readonly data: z.infer<typeof CrashCashedOut> }
  | { readonly event: typeof CRASH_ENDED; readonly data: z.infer<typeof CrashEnded> }
  | { readonly event: typeof OWN_BET; readonly data: OwnBet }

const HISTORY_MAX = 50
const ORDER: readonly Phase[] = ['waiting', 'betting', 'rising', 'crashed']

export function stateOf({ round, mine, history }: Lobby): LobbyState {
  if (!round) return { round: null, history }
  const { roundId, phase, bettingEndsAt, startedAt, crashedAt, bets, betCount, staked } = round
  const won = bets.filter(({ state }) => state === 'won')
  const state: RoundState = {
    ...begun(roundId, phase),
    bettingEndsAtMs: msOf(bettingEndsAt),
    startedAtMs: msOf(startedAt),
    crashedAt,
    bets: merged(new Map(), bets),
    betCount,
    staked,
    wonCount: won.length,
    paid: won.reduce((sum, { payout }) => sum + payout, 0),
    mine,
  }
  return { round: state, history }
}

/**
 * A lobby after an event. The read and the events before and after it arrive in any order: what is old changes nothing, and nothing goes back. Null:
 * the event is of a round whose beginning was missed, and the lobby has to be read again.
 */
export function stateAfter(state: LobbyState, told: Told): LobbyState | null {
  const { roundId } = told.data
  const current = state.round
  const age = current ? compareIds(roundId, current.roundId) : 1
  if (age < 0) return state
  if (told.event === CRASH_BETTING)
    return withRound(state, betting(age > 0 || !current ? undefined : current, told.data))
  if (age > 0 || !current) return null
  if (told.event === CRASH_ENDED) return ended(state, current, told.data)
  return withRound(state, within(current, told))
}

function withRound(state: LobbyState, round: RoundState): LobbyState {
  return { ...state, round }
}

type Within = Exclude<Told, { event: typeof CRASH_BETTING | typeof CRASH_ENDED }>

function within(round: RoundState, told: Within): RoundState {
  const { bets, betCount, staked, wonCount, paid } = round
  switch (told.event) {
    case CRASH_STARTED:
      return { ...round, phase: later(round.phase, 'rising'), startedAtMs: msOf(told.data.startedAt) }
    case CRASH_BETS:
      return {
        ...round,
        bets: merged(bets, told.data.bets),
        betCount: Math.max(betCount, told.data.betCount),
        staked: Math.max(staked, told.data.staked),
      }
    case CRASH_CASHED_OUT:
      return {
        ...round,
        bets: merged(bets, told.data.bets),
        wonCount: Math.max(wonCount, told.data.wonCount),
        paid: Math.max(paid, told.data.paid),
      }
    case OWN_BET:
      return {
        ...round,
        bets: merged(bets, bets.has(told.data.betId) ? [told.data] : []),
        mine: newer(round.mine, told.data),
      }
  }
}

function begun(roundId: string, phase: Phase): RoundState {
  const unknown = { bettingEndsAtMs: null, startedAtMs: null, crashedAt: null, nextAtMs: null }
  const none = { bets: new Map<string, Bet>(), betCount: 0, staked: 0, wonCount: 0, paid: 0, mine: null }
  return { roundId, phase, ...unknown, isInterrupted: false, ...none }
}

function betting(
  current: RoundState | undefined,
  { roundId, bettingEndsAt }: z.infer<typeof CrashBetting>,
): RoundState {
  const phase = bettingEndsAt === null ? 'waiting' : 'betting'
  const round = current ?? begun(roundId, phase)
  return { ...round, phase: later(round.phase, phase), bettingEndsAtMs: msOf(bettingEndsAt) ?? round.bettingEndsAtMs }
}

function ended(
  state: LobbyState,
  round: RoundState,
  { roundId, multiplier, outcome, endedAt, nextAt }: z.infer<typeof CrashEnded>,
): LobbyState {
  const isKnown = state.history.some((finished) => finished.roundId === roundId)
  const isInterrupted = outcome === 'interrupted'
  return {
    history: isKnown ? state.history : [{ roundId, multiplier, endedAt }, ...state.history].slice(0, HISTORY_MAX),
    round: {
      ...round,
      phase: 'crashed',
      crashedAt: multiplier,
      isInterrupted,
      nextAtMs: msOf(nextAt),
      bets: new Map([...round.bets].map(([betId, bet]) => [betId, closed(bet, isInterrupted)])),
      mine: round.mine && closed(round.mine, isInterrupted),
    },
  }
}

/** A bet as the end of its round leaves it: what is open is lost, or goes back when the round was interrupted. */
function closed<B extends Bet>(bet: B, isInterrupted: boolean): B {
  if (bet.state !== 'open') return bet
  return isInterrupted ? { ...bet, state: 'voided', payout: bet.amount } : { ...bet, state: 'lost' }
}

/** A bet that has ended stays so, whatever was told of it before and comes after. */
function merged(known: ReadonlyMap<string, Bet>, news: readonly Bet[]): ReadonlyMap<string, Bet> {
  const bets = new Map(known)
  for (const bet of news) if (bet.state !== 'open' || !bets.has(bet.betId)) bets.set(bet.betId, bet)
  return bets
}

function newer(known: OwnBet | null, told: OwnBet): OwnBet {
  return known && told.state === 'open' && known.betId === told.betId ? known : told
}

function later(one: Phase, other: Phase): Phase {
  return ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other
}

/** Ids are numbers that grow with time, too long for JavaScript's own. */
function compareIds(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0)
}

function msOf(at: string | null): number | null {
  return at === null ? null : Date.parse(at)
}
