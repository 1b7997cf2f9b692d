import { setTimeout as delay } from 'node:timers/promises'

/** Waits for the work, but no longer than this; true when it was done. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const timeout = new AbortController()
  const late = delay(ms, false, { signal: timeout.signal }).catch(() => false)
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    timeout.abort()
  }
}
