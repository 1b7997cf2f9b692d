import { ExponentialBackoff, handleWhen, retry } from 'cockatiel'

export interface RetryOptions {
  /** Tries after the first one. */
  readonly againMax: number
  readonly firstDelayMs: number
  readonly delayMsMax: number
  readonly isWorthwhile: (error: unknown) => boolean
}

export interface Retry {
  /** Runs the work again, after growing and jittered delays, while it fails in a worthwhile way and nobody has aborted. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>
}

export function retrying(options: RetryOptions): Retry {
  const policy = retry(handleWhen(options.isWorthwhile), {
    maxAttempts: options.againMax,
    // The default generator jitters (decorrelated), so that callers of one dead process do not come back in step.
    backoff: new ExponentialBackoff({ initialDelay: options.firstDelayMs, maxDelay: options.delayMsMax }),
  })
  return { run: (work, signal) => policy.execute(work, signal) }
}
