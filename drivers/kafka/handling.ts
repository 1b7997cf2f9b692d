import { setTimeout as delay } from 'node:timers/promises'
import type { Envelope, Failure, Gate, RetryPolicy } from '@meydan/kernel/events'
import type { SparingLog } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
import { createLanes } from './lanes.ts'
import type { Retry } from './records.ts'
import { createWaiting } from './waiting.ts'

export interface HandlingParts {
  readonly retry: RetryPolicy
  readonly clock: Clock
  readonly said: SparingLog
  /** Aborted when nothing more may begin. */
  readonly signal: AbortSignal
  /** Where an event waits for its turn among all that this process handles. */
  readonly places: Gate
  /** Has it handled, after `attempts` tries that failed; gives why it was not. */
  attempt(envelope: Envelope, attempts: number): Promise<Failure | undefined>
  /** Puts an event behind the others in the retry topic; resolves when it is stored. */
  postpone(retry: Retry): Promise<void>
  /** Makes it a dead letter; resolves when it is stored. */
  bury(envelope: Envelope, failure: Failure, attempts: number): Promise<void>
}

/** What becomes of events. Each call is true when the record is done with, and false when the signal came before. */
export interface Handling {
  hear(envelope: Envelope): Promise<boolean>
  /** For events from the retry topic, all of which must be given before the first event that came after them. */
  hearAgain(entry: Retry): Promise<boolean>
}

type Outcome = 'handled' | 'not begun' | Failure

const AGAIN_MS = 500

/** The order of a key is kept as the README of this folder says under "Retries". */
export function createHandling(parts: HandlingParts): Handling {
  const { retry, clock, said, signal } = parts
  const handling = createLanes()
  const retrying = createLanes()
  const waiting = createWaiting()
  /** Ids of the retries that are being tried. */
  const tried = new Set<string>()

  /** False when the signal came first. */
  const sleep = (ms: number): Promise<boolean> => delay(Math.max(0, ms), !signal.aborted, { signal }).catch(() => false)
  /** Does what must not be left out until it works. */
  const insist = async (work: () => Promise<void>): Promise<boolean> => {
    for (;;) {
      try {
        await work()
        return true
      } catch (error) {
        said.warn('set aside', { err: error }, 'an event that was not handled could not be set aside; trying again')
        if (!(await sleep(AGAIN_MS))) return false
      }
    }
  }
  const dueMs = (attempts: number): number => clock.now() + delayMs(retry, attempts)
  const postpone = (entry: Retry): Promise<boolean> => {
    waiting.add(entry.envelope)
    return insist(() => parts.postpone(entry))
  }
  const tryOnce = (envelope: Envelope, attempts: number): Promise<Outcome> =>
    parts.places.run(async () => {
      if (signal.aborted) return 'not begun'
      return (await parts.attempt(envelope, attempts)) ?? 'handled'
    })
  const tryUntilDone = async ({ envelope, ...before }: Retry): Promise<boolean> => {
    let { attempts, dueMs: atMs } = before
    for (;;) {
      if (!(await sleep(atMs - clock.now()))) return false
      const outcome = await handling.run(envelope.key, () => tryOnce(envelope, attempts))
      if (typeof outcome === 'string') return outcome === 'handled'
      attempts++
      if (attempts > retry.retries) return insist(() => parts.bury(envelope, outcome, attempts))
      atMs = dueMs(attempts)
    }
  }

  return {
    hear: (envelope) =>
      handling.run(envelope.key, async () => {
        if (signal.aborted) return false
        // Whoever had the partition before has put it there, and did not come to say so.
        if (waiting.has(envelope)) return true
        if (waiting.holdsUp(envelope.key)) return postpone({ envelope, attempts: 0, dueMs: 0 })
        const outcome = await tryOnce(envelope, 0)
        if (typeof outcome === 'string') return outcome === 'handled'
        if (retry.retries === 0) return insist(() => parts.bury(envelope, outcome, 1))
        return postpone({ envelope, attempts: 1, dueMs: dueMs(1) })
      }),
    async hearAgain(entry) {
      const { envelope } = entry
      // It was put there twice.
      if (tried.has(envelope.id)) return true
      tried.add(envelope.id)
      waiting.add(envelope)
      return retrying.run(envelope.key, async () => {
        const done = await tryUntilDone(entry)
        if (!done) return false
        tried.delete(envelope.id)
        waiting.remove(envelope)
        return true
      })
    },
  }
}

function delayMs({ delayS, delayMaxS }: RetryPolicy, attempts: number): number {
  return Math.min(delayS * 2 ** (attempts - 1), delayMaxS) * 1_000
}
