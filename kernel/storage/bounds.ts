const KEY_LENGTH_MAX = 256
const TTL_MS_MAX = 24 * 60 * 60 * 1_000

/** The key as it is, when the cache port allows it; else throws a RangeError. */
export function checkedKey(key: string): string {
  if (key.length === 0 || key.length > KEY_LENGTH_MAX) {
    throw new RangeError(`a cache key has 1 to ${KEY_LENGTH_MAX} characters, not ${key.length}`)
  }
  return key
}

/** The time to live as it is, when the cache port allows it; else throws a RangeError. */
export function checkedTtl(ttlMs: number): number {
  if (!(ttlMs >= 1 && ttlMs <= TTL_MS_MAX)) throw new RangeError(`ttlMs is 1 to ${TTL_MS_MAX}, not ${ttlMs}`)
  return ttlMs
}
