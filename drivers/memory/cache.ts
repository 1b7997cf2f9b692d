import { type Cache, checkedKey, checkedTtl } from '@meydan/kernel/storage'
import type { Clock } from '@meydan/kernel/time'
import { expiringMap } from './expiring.ts'
import { type Packed, packValue, unpackValue } from './packed.ts'
import { memorySortedSets } from './sorted.ts'

export interface MemoryCacheOptions {
  /** Keys held at most; the oldest written go first. 200,000 unless given. */
  readonly keysMax?: number
  /** Bytes of values held at most; 256 MiB unless given. */
  readonly bytesMax?: number
}

const KEYS_MAX = 200_000
const BYTES_MAX = 256 * 1024 * 1024

type Held = Packed | { readonly count: number }

export interface MemoryCache extends Cache {
  /** Keys held now, expired ones that nobody has looked at since included. */
  keys(): number
}

/** A cache in this process's memory. What does not fit any more is forgotten, as a cache may at any moment. */
export function memoryCache(clock: Clock, options: MemoryCacheOptions = {}): MemoryCache {
  const held = expiringMap<Held>(clock, {
    keysMax: options.keysMax ?? KEYS_MAX,
    bytesMax: options.bytesMax ?? BYTES_MAX,
    bytesOf: (value) => ('bytes' in value ? value.bytes.length : 8),
  })
  return {
    keys: () => held.size,
    async get(key) {
      const value = held.get(checkedKey(key))
      if (value === undefined) return undefined
      return 'count' in value ? value.count : unpackValue(value)
    },
    async set(key, value, ttlMs) {
      held.set(checkedKey(key), packValue(value), checkedTtl(ttlMs))
    },
    async setIfAbsent(key, value, ttlMs) {
      if (held.get(checkedKey(key)) !== undefined) return false
      held.set(key, packValue(value), checkedTtl(ttlMs))
      return true
    },
    async has(keys) {
      return keys.map((key) => held.get(checkedKey(key)) !== undefined)
    },
    async delete(key) {
      held.delete(checkedKey(key))
    },
    async increment(key, by, ttlMs) {
      if (!Number.isSafeInteger(by)) throw new RangeError('a counter counts whole numbers')
      const now = held.get(checkedKey(key))
      if (now === undefined) {
        held.set(key, { count: by }, checkedTtl(ttlMs))
        return by
      }
      if (!('count' in now)) throw new TypeError(`'${key}' holds a value, not a counter`)
      const count = now.count + by
      held.replace(key, { count })
      return count
    },
    sorted: memorySortedSets(clock),
  }
}
