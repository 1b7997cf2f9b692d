import { availableParallelism } from 'node:os'
import { core } from '@meydan/contracts/core'
import { hash, verify } from '@node-rs/argon2'

/** Hashes passwords and checks them, off the main thread. */
export interface Hasher {
  /** A PHC string. */
  hash(password: string): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
}

/** argon2id as OWASP's Password Storage Cheat Sheet advises: 19 MiB, 2 passes, 1 lane. Some 25 ms of one core. */
export const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/**
 * A hash, by the parameters above, of a random secret that nobody has. An unknown user's password is checked against
 * it, so that it takes as long as a known user's.
 */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$82ZWNl8ck28FWD/h3yo1cQ$GYAd9AfmVO7uZV9Yi6Y5ZXeYbMmRUhB/5jTfsrlOoHg'

/**
 * Of libuv's four threads two stay free for files and names, however many sign in, and one core stays free for the main
 * thread, where rooms tick. Each hash takes 19 MiB while it is made.
 */
const AT_ONCE_MAX = Math.max(1, Math.min(2, availableParallelism() - 1))
/** About 3 s of work for two threads, 6 s for one: whoever comes later would run into the deadline anyway. */
const WAITING_MAX = 256
const RETRY_AFTER_S = 2

/** Throws UNAVAILABLE when too many are waiting. */
export function argonHasher(): Hasher {
  const turn = bounded(AT_ONCE_MAX, WAITING_MAX)
  return {
    hash: (password) => turn(() => hash(password, ARGON2ID)),
    verify: (known, password) => turn(() => verify(known, password)),
  }
}

/** At most `atOnceMax` pieces of work run, at most `waitingMax` wait, first come first served. */
export function bounded(atOnceMax: number, waitingMax: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax) throw core.UNAVAILABLE({ retryAfterS: RETRY_AFTER_S })
      // Whoever finishes hands its place on, so `running` does not change.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
