import type { Log } from '../telemetry/index.ts'

/** Something that is started and stopped. Durations are milliseconds. */
export interface Part {
  readonly name: string
  start?(): Promise<void>
  /** No new work; finish what runs within the time. */
  drain?(withinMs: number): Promise<void>
  stop?(): Promise<void>
}

export type Phase = 'new' | 'starting' | 'ready' | 'draining' | 'stopped'

export interface Lifecycle {
  readonly phase: Phase
  /** Starts the parts in order. When one fails, those already started are stopped and the failure is thrown. */
  start(parts: readonly Part[]): Promise<void>
  /** Drains all parts, last first, within `withinMs` together, then stops them. Twice is once. */
  stop(withinMs: number): Promise<void>
}

const STOP_MS_MAX = 5_000

export function createLifecycle(log: Log): Lifecycle {
  let phase: Phase = 'new'
  const started: Part[] = []
  let stopping: Promise<void> | undefined

  const stopStarted = async (): Promise<void> => {
    for (const part of started.splice(0).reverse()) {
      if (part.stop) await bounded(part.name, 'stop', part.stop(), STOP_MS_MAX, log)
    }
    phase = 'stopped'
  }

  return {
    get phase() {
      return phase
    },
    async start(parts) {
      phase = 'starting'
      for (const part of parts) {
        if (phase !== 'starting') return
        started.push(part)
        try {
          await part.start?.()
        } catch (error) {
          await stopStarted()
          throw error
        }
        log.debug({ part: part.name }, 'started')
      }
      if (phase === 'starting') phase = 'ready'
    },
    stop(withinMs) {
      stopping ??= (async () => {
        phase = 'draining'
        const untilMs = performance.now() + withinMs
        for (const part of started.toReversed()) {
          const leftMs = Math.max(0, untilMs - performance.now())
          if (part.drain) await bounded(part.name, 'drain', part.drain(leftMs), leftMs, log)
        }
        await stopStarted()
      })()
      return stopping
    },
  }
}

/** Waits for the work, but no longer than `withinMs`: one part that hangs or fails must not keep the others up. */
async function bounded(name: string, step: string, work: Promise<void>, withinMs: number, log: Log): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), withinMs)
  try {
    if ((await Promise.race([work, timeout])) === 'late') log.warn({ part: name, withinMs }, `${step} took too long`)
  } catch (error) {
    log.error({ part: name, err: error }, `${step} failed`)
  } finally {
    clearTimeout(timer)
  }
}
