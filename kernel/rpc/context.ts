import { core, type Fault } from '@meydan/contracts/core'
import {
  childSpan,
  formatTraceparent,
  type Log,
  newTrace,
  parseTraceparent,
  type TraceContext,
} from '../telemetry/index.ts'
import type { Clock } from '../time/index.ts'
import type { CallContext, Caller, LimitState } from './call.ts'

export interface ContextOptions {
  readonly caller: Caller
  readonly clock: Clock
  readonly log: Log
  /** How long whoever opens the context would wait at most; a procedure's own `timeoutMs` may be shorter. 30,000 unless given. */
  readonly timeoutMs?: number | undefined
  /** W3C `traceparent` of whoever calls; without a valid one a new trace begins. */
  readonly traceparent?: string | undefined
}

/** Whoever waits for the work. */
export interface Ending {
  refuse(fault: Fault): void
}

const TIMEOUT_MS_DEFAULT = 30_000

/**
 * A context that calls can be made from, for a door, a job or a test. When its caller goes away, `cancel()` it:
 * every call made from it, here or in other processes, is cancelled with it.
 */
export function openContext(options: ContextOptions): Running {
  const deadlineMs = options.clock.now() + (options.timeoutMs ?? TIMEOUT_MS_DEFAULT)
  const trace = parseTraceparent(options.traceparent) ?? newTrace()
  return new Running(undefined, options.caller, deadlineMs, options.clock, options.log, trace)
}

/**
 * A context while its work runs. What most handlers never look at (the signal, the log, the span id) is made when it is
 * first asked for, because every call of the platform passes through here.
 */
export class Running implements CallContext {
  readonly caller: Caller
  readonly deadlineMs: number
  readonly traceId: string
  readonly clock: Clock
  /** What a limiter said about this call, for the door that opened the context. */
  limit: LimitState | undefined
  /** Why the work is over before its answer; the work itself may still be winding down. */
  ended: Fault | undefined

  readonly #parent: Running | undefined
  #trace: TraceContext
  #traceOwn: boolean
  readonly #rootLog: Log
  #log: Log | undefined
  #controller: AbortController | undefined
  #timer: NodeJS.Timeout | undefined
  #inner: Set<Running> | undefined
  #onEnd: Ending | undefined

  constructor(
    parent: Running | undefined,
    caller: Caller,
    deadlineMs: number,
    clock: Clock,
    log: Log,
    trace: TraceContext,
  ) {
    this.#parent = parent
    this.caller = caller
    this.deadlineMs = deadlineMs
    this.clock = clock
    this.#rootLog = log
    this.#trace = trace
    this.#traceOwn = parent === undefined
    this.traceId = trace.traceId
  }

  /** The same context when it is one of ours; else one that follows its deadline, trace and signal. */
  static from(context: CallContext, clock: Clock): Running {
    if (context instanceof Running) return context
    const trace = parseTraceparent(context.traceparent) ?? newTrace()
    const running = new Running(undefined, context.caller, context.deadlineMs, clock, context.log, trace)
    if (context.signal.aborted) running.cancel()
    else context.signal.addEventListener('abort', () => running.cancel(), { once: true })
    return running
  }

  /** A context for one call made from this one: by `caller`, for at most `timeoutMs`, never beyond this one's deadline. */
  under(caller: Caller, timeoutMs: number): Running {
    const deadlineMs = Math.min(this.deadlineMs, this.clock.now() + timeoutMs)
    return new Running(this, caller, deadlineMs, this.clock, this.#rootLog, this.#trace)
  }

  /** Begins to watch deadline and caller; `onEnd` is refused if either ends the work early. */
  begin(onEnd: Ending): void {
    const parent = this.#parent
    if (parent?.ended) this.ended = parent.ended
    if (this.ended) {
      onEnd.refuse(this.ended)
      return
    }
    this.#onEnd = onEnd
    if (parent) {
      parent.#inner ??= new Set()
      parent.#inner.add(this)
    }
    if (!this.#watchedAbove()) this.#timer = setTimeout(expire, this.#leftMs(), this)
  }

  /** The work has its answer. While calls it made and did not wait for still run, its deadline goes on to hold for them. */
  finish(): void {
    this.#onEnd = undefined
    if (this.#inner !== undefined && this.#inner.size > 0) return
    const siblings = this.#parent === undefined ? undefined : this.#parent.#inner
    siblings?.delete(this)
    this.#disarm()
  }

  /** Ends the work and all it called. `fault` is what waiting callers get: CANCELLED unless given. */
  cancel(fault: Fault = core.CANCELLED()): void {
    if (this.ended) return
    this.ended = fault
    this.#disarm()
    this.#controller?.abort(fault)
    const inner = this.#inner
    this.#inner = undefined
    if (inner) for (const call of inner) call.cancel(fault)
    const onEnd = this.#onEnd
    this.#onEnd = undefined
    onEnd?.refuse(fault)
  }

  /** A real span has been started for this call: what it calls hangs on that. */
  enterSpan(trace: TraceContext): void {
    this.#trace = trace
    this.#traceOwn = true
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.ended) this.#controller.abort(this.ended)
      // Calls are watched from their beginning; only a context that was just opened is not, and it must not hold up the process.
      else if (this.#parent === undefined) this.#timer ??= setTimeout(expire, this.#leftMs(), this).unref()
    }
    return this.#controller.signal
  }

  get trace(): TraceContext {
    return this.#trace
  }

  get traceparent(): string {
    return formatTraceparent(this.#spanned())
  }

  get log(): Log {
    this.#log ??= this.#rootLog.child({ traceId: this.traceId })
    return this.#log
  }

  #spanned(): TraceContext {
    if (!this.#traceOwn) {
      this.#trace = childSpan(this.#trace)
      this.#traceOwn = true
    }
    return this.#trace
  }

  /** Whether a context above has a timer already that ends this one no later than its own deadline would. */
  #watchedAbove(): boolean {
    for (let above = this.#parent; above !== undefined; above = above.#parent) {
      if (above.#timer !== undefined && above.deadlineMs <= this.deadlineMs) return true
    }
    return false
  }

  #leftMs(): number {
    return Math.max(0, this.deadlineMs - this.clock.now())
  }

  #disarm(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

function expire(context: Running): void {
  context.cancel(core.DEADLINE_EXCEEDED())
}
