import type { Log } from '../telemetry/index.ts'

/** How something that was opened is closed again. Durations are milliseconds. */
export interface Closing<T> {
  /** No new work; finish what runs within the time. */
  drain?(opened: T, withinMs: number): Promise<void>
  stop?(opened: T): Promise<void>
}

export type Phase = 'starting' | 'ready' | 'draining' | 'stopped'

/** What a process has opened, in order, so that it can be closed in reverse. */
export interface Lifecycle {
  readonly phase: Phase
  /** Opens one part and remembers how to close it. Throws what `open` throws; what was opened before stays until `stop`. */
  open<T>(name: string, open: () => T | Promise<T>, closing: Closing<T>): Promise<T>
  /** All parts are open. */
  ready(): void
  /** Drains all parts, last first, within `withinMs` together, then stops them. Twice is once. */
  stop(withinMs: number): Promise<void>
}

interface OpenPart {
  readonly name: string
  readonly drain: ((withinMs: number) => Promise<void>) | undefined
  readonly stop: (() => Promise<void>) | undefined
}

const STOP_MS_MAX = 8_000

export function createLifecycle(log: Log): Lifecycle {
  let phase: Phase = 'starting'
  const parts: OpenPart[] = []
  let stopping: Promise<void> | undefined

  return {
    get phase() {
      return phase
    },
    async open(name, open, { drain, stop }) {
      const opened = await open()
      parts.push({
        name,
        drain: drain && ((withinMs) => drain(opened, withinMs)),
        stop: stop && (() => stop(opened)),
      })
      log.debug({ part: name }, 'open')
      return opened
    },
    ready() {
      if (phase === 'starting') phase = 'ready'
    },
    stop(withinMs) {
      stopping ??= (async () => {
        phase = 'draining'
        const untilMs = performance.now() + withinMs
        for (const part of parts.toReversed()) {
          const leftMs = Math.max(0, untilMs - performance.now())
          if (part.drain) await bounded(part.name, 'drain', part.drain(leftMs), leftMs, log)
        }
        for (const part of parts.splice(0).reverse()) {
          if (part.stop) await bounded(part.name, 'stop', part.stop(), STOP_MS_MAX, log)
        }
        phase = 'stopped'
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
