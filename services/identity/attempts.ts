import { core } from '@meydan/contracts/core'
import type { Cache } from '@meydan/kernel/storage'
import type { Clock } from '@meydan/kernel/time'
import {
  ADDRESS_LIMIT,
  ATTEMPTS_KEPT_MS,
  type AttemptLimit,
  addressBucket,
  blockMs,
  NAME_LIMIT,
  sha256,
} from './rules.ts'

export interface Attempts {
  /**
   * Runs a check of a password (null: it was wrong) and gives what it gave. The try is counted before the check, so that
   * tries at the same moment count too; a check that threw was no try. Throws RATE_LIMITED while the name or the address
   * has to wait. It never learns whether the name exists.
   */
  guard<T>(address: string, name: string, check: () => Promise<T | null>): Promise<T | null>
}

/** Tries without success, counted in the cache: all processes see them, and they expire. */
export function loginAttempts(cache: Cache, clock: Clock): Attempts {
  return {
    async guard(address, name, check) {
      // Hashed: a cache key is short and is no place for an e-mail address.
      const nameKey = `identity:attempts:name:${sha256(name).toString('base64url')}`
      const addressKey = `identity:attempts:address:${addressBucket(address)}`
      const refundAddress = await take(cache, clock, addressKey, ADDRESS_LIMIT)
      const refundName = await take(cache, clock, nameKey, NAME_LIMIT).catch(async (error: unknown) => {
        await refundAddress()
        throw error
      })
      try {
        const passed = await check()
        if (passed === null) return null
        // Success clears the name, for its owner is here. Of the address it takes back only itself: else an attacker
        // could wash the address clean by signing in to an account of their own.
        await Promise.all([refundAddress(), cache.delete(nameKey), cache.delete(blockKey(nameKey))])
        return passed
      } catch (error) {
        await Promise.all([refundAddress(), refundName()])
        throw error
      }
    },
  }
}

const blockKey = (key: string) => `${key}:wait`

/** Counts one try; gives how to take it back. */
async function take(cache: Cache, clock: Clock, key: string, limit: AttemptLimit): Promise<() => Promise<void>> {
  const waitUntilMs = await cache.get(blockKey(key))
  if (typeof waitUntilMs === 'number' && waitUntilMs > clock.now()) throw wait(waitUntilMs - clock.now())

  const attempt = await cache.increment(key, 1, ATTEMPTS_KEPT_MS)
  const blockedMs = blockMs(attempt, limit)
  if (blockedMs === 0) return async () => void (await cache.increment(key, -1, ATTEMPTS_KEPT_MS))

  // The block is set before the try, and only one of several at once gets to set it.
  if (!(await cache.setIfAbsent(blockKey(key), clock.now() + blockedMs, blockedMs))) {
    await cache.increment(key, -1, ATTEMPTS_KEPT_MS)
    throw wait(blockedMs)
  }
  return async () => {
    await cache.increment(key, -1, ATTEMPTS_KEPT_MS)
    await cache.delete(blockKey(key))
  }
}

function wait(forMs: number) {
  const retryAfterS = Math.max(1, Math.ceil(forMs / 1_000))
  return core.RATE_LIMITED({
    message: `Too many sign-ins failed; try again in ${retryAfterS} s.`,
    retryAfterS,
    details: { retryAfterS },
  })
}
