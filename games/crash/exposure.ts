import { MULTIPLIER_MIN } from './growth.ts'

/** What the house keeps of each stake, on average. */
const EDGE = 0.01

/**
 * What the house may lose in a round, in minor units. Kelly's criterion for a bet of odds m that pays with probability 0.99/m gives a liability of the edge
 * times the bankroll, whatever m is; `fraction` of it is calmer (half Kelly: 0.5).
 */
export function lossLimit(bankroll: number, fraction: number): number {
  return Math.floor(bankroll * EDGE * fraction)
}

/** Sums over the bets of a round, in minor units. */
export interface Exposure {
  readonly staked: number
  readonly paid: number
  /** Stakes of bets that are open. */
  readonly open: number
}

/** The highest multiplier (hundredths) at which the house could pay every open bet and lose no more than `lossMax` in the round. */
export function payableUpTo({ staked, paid, open }: Exposure, lossMax: number): number {
  if (open === 0) return Number.POSITIVE_INFINITY
  return Math.floor(((lossMax + staked - paid) * MULTIPLIER_MIN) / open)
}
