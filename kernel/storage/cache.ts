import type { Plain } from '@meydan/contracts/core'

/**
 * Short-lived shared values: presence, snapshots, queues. What it holds may vanish at any moment,
 * so nothing whose loss a user would notice lives here alone. Keys are at most 256 characters.
 */
export interface Cache {
  get(key: string): Promise<Plain | Uint8Array | undefined>
  /** Every value expires: `ttlMs` is 1 to a day. */
  set(key: string, value: Plain | Uint8Array, ttlMs: number): Promise<void>
  /** False, and nothing changed, when the key is there already. */
  setIfAbsent(key: string, value: Plain | Uint8Array, ttlMs: number): Promise<boolean>
  /** Which of the keys are there, in their order. */
  has(keys: readonly string[]): Promise<boolean[]>
  delete(key: string): Promise<void>
  /** Adds to a whole number and gives the sum; a new counter starts at 0 and lives `ttlMs` from its first use. */
  increment(key: string, by: number, ttlMs: number): Promise<number>
  readonly sorted: SortedSets
}

/** Members by score, as in Redis. A set expires `ttlMs` after it was last added to. */
export interface SortedSets {
  add(key: string, member: string, score: number, ttlMs: number): Promise<void>
  addTo(key: string, member: string, by: number, ttlMs: number): Promise<number>
  remove(key: string, member: string): Promise<void>
  size(key: string): Promise<number>
  score(key: string, member: string): Promise<number | undefined>
  /** Zero-based place from the highest score down; ties by member, descending, as Redis does. */
  rank(key: string, member: string): Promise<number | undefined>
  /** From the highest score down, places `from` to `to`, both included. */
  top(key: string, from: number, to: number): Promise<{ member: string; score: number }[]>
}
