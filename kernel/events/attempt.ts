import type { Envelope, Subscription } from './bus.ts'

export interface RetryPolicy {
  /** Tries after the first; then the event is a dead letter. */
  readonly retries: number
  /** Seconds before the first retry; each further one waits about twice as long. 0: all at once. */
  readonly delayS: number
  readonly delayMaxS: number
}

/** Some six minutes in all: long enough for a deployment or a restart to pass, short enough for somebody to still care. */
export const RETRY_DEFAULT: RetryPolicy = { retries: 8, delayS: 1, delayMaxS: 120 }

const HANDLE_MS_MAX = 30_000
const ERROR_LENGTH_MAX = 4_000

/** Why an event was not handled. */
export interface Failure {
  readonly error: unknown
  /** The stack, for the dead letter; 4,000 characters at most. */
  readonly text: string
}

/** Lets the subscriber handle one event; gives why it did not, or did not within 30 s. */
export async function attempt(subscription: Subscription, envelope: Envelope): Promise<Failure | undefined> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`not done after ${HANDLE_MS_MAX} ms`)), HANDLE_MS_MAX)
  try {
    await Promise.race([subscription.handle(envelope), late])
    return undefined
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { error, text: text.slice(0, ERROR_LENGTH_MAX) }
  } finally {
    clearTimeout(timer)
  }
}
