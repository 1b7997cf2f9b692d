/** How the game is played here. Amounts in minor units. */
export interface CrashRules {
  readonly bettingMs: number
  /** Where a lobby waits for a first bet: how long others have from then on. */
  readonly firstBetMs: number
  readonly pauseMs: number
  readonly tickMs: number
  readonly betMin: number
  readonly betMax: number
  /** Of one bet. */
  readonly winMax: number
  /** What the house has to lose, in principle, and the part of Kelly's criterion that it risks in a round. */
  readonly bankroll: number
  readonly kelly: number
  /** Rounds of a new chain of hashes. */
  readonly chainRounds: number
}
