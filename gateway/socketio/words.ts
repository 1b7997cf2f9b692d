/** The events of the documented Socket.IO interface (docs/clients/crash.md). */

export interface BetPlaced {
  readonly user_id: number
  readonly lobby_id: number
  readonly amount: number
  readonly coefficient: number | null
}

export interface WithdrawRequested {
  readonly user_id: number
  readonly lobby_id: number
}

/** `payout` in coins: the stake times the coefficient, nothing, or the stake again of a round that was given up. */
export interface BetResult {
  readonly user_id: number
  readonly result: 'win' | 'lose' | 'void'
  readonly payout: number
}

export type DownEvents = {
  connected: (told: { message: string }) => void
  message: (text: string) => void
  bet_placed: (told: BetPlaced) => void
  withdraw_requested: (told: WithdrawRequested) => void
  coefficient_update: (told: { coefficient: number }) => void
  bet_result: (told: BetResult) => void
  error: (told: { message: string }) => void
} & {
  /** The text is the event's name: servers that clients of this interface were written for say it so. */
  [text in `${'Joined' | 'Left'} room: ${number}`]: () => void
}

/** What comes up is judged when it comes. */
export type UpEvents = Record<string, (...said: unknown[]) => void>
