import type { Reward } from '@meydan/contracts/rewards'
import { useSyncExternalStore } from 'react'

/** What the last match brought. The server tells it a moment before or after its end is shown, so it is kept for that. */
class Earned {
  #rewards: readonly Reward[] = []
  readonly #listeners = new Set<() => void>()

  readonly get = (): readonly Reward[] => this.#rewards

  add(rewards: readonly Reward[]): void {
    this.#keep([...this.#rewards, ...rewards])
  }

  /** Another match begins. */
  forget(): void {
    this.#keep([])
  }

  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #keep(rewards: readonly Reward[]): void {
    this.#rewards = rewards
    for (const listener of this.#listeners) listener()
  }
}

export const earned = new Earned()

export function useEarned(): readonly Reward[] {
  return useSyncExternalStore(earned.onChange, earned.get)
}
