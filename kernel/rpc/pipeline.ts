import { CORE_CODES, type Contract, core, Fault, type Procedure } from '@meydan/contracts/core'
import type { Span } from '@opentelemetry/api'
import { endSpan, inSpan, startSpan } from '../telemetry/index.ts'
import type { Clock } from '../time/index.ts'
import type { Caller } from './call.ts'
import { admit } from './caller.ts'
import type { Ending, Running } from './context.ts'
import { deepFreeze } from './freeze.ts'
import type { Limiter } from './limiter.ts'
import type { Load } from './load.ts'
import type { CallLog, CallMeter } from './meter.ts'
import { validInput } from './validate.ts'

/** A handler with its types worn off: the pipeline has parsed what it gives and parses what it gets. */
export type AnyHandler = (input: unknown, context: Running) => Promise<unknown>

export interface PipelineOptions {
  readonly limiter: Limiter
  readonly meter: CallMeter
  readonly load: Load
  /** Freezes what goes in and out, in development and tests. */
  readonly freeze: boolean
}

/** Answers one procedure: deadline → caller → limit → validate → handler → typed error. */
export interface Pipeline {
  /** `wallet.balance` */
  readonly name: string
  readonly procedure: Procedure
  /** Rejects with a Fault and nothing else. `context` is whence the call comes, `caller` who makes it. */
  answer(input: unknown, context: Running, caller: Caller): Promise<unknown>
}

export function pipeline(
  contract: Contract,
  procedureName: string,
  procedure: Procedure,
  handler: AnyHandler,
  options: PipelineOptions,
): Pipeline {
  const { limiter, load, freeze } = options
  const name = `${contract.name}.${procedureName}`
  const meter: CallLog = options.meter(name)
  const { auth, limit, timeoutMs } = procedure

  const takePoint = async (context: Running, caller: Caller): Promise<void> => {
    const key = limit && limitKey(limit.by, caller)
    if (limit === undefined || key === undefined) return
    const taken = limiter.take(`${name}:${key}`, limit)
    const { allowed, state } = taken instanceof Promise ? await taken : taken
    context.limit = state
    if (!allowed) throw core.RATE_LIMITED({ retryAfterS: state.resetS })
  }

  const run = async (input: unknown, context: Running, call: Running, reply: Reply): Promise<void> => {
    try {
      if (limit !== undefined) await takePoint(context, call.caller)
      const parsed = validInput(procedure.input, input)
      const given = freeze ? deepFreeze(parsed) : parsed
      const { span } = reply
      const answer = await (span ? inSpan(span, () => handler(given, call)) : handler(given, call))
      // Always, also in production: it strips what the contract does not name (a password hash in a row, say) for 0.4 µs
      // on a profile, and development and production answer alike.
      const out = procedure.output.parse(answer ?? {})
      reply.give(freeze ? deepFreeze(out) : out)
    } catch (error) {
      if (call.ended) call.log.debug({ err: error, call: name }, 'a call failed after it was ended')
      else reply.refuse(visible(error, contract, call, name))
    }
    call.finish()
  }

  return {
    name,
    procedure,
    answer(input, context, caller) {
      return new Promise((resolve, reject) => {
        let call: Running
        try {
          call = context.under(admit(auth, caller), timeoutMs)
          load.begin(caller.kind === 'service')
        } catch (error) {
          const fault = visible(error, contract, context, name)
          meter(0, fault.code)
          reject(fault)
          return
        }
        const reply = new Reply(resolve, reject, meter, load, context.clock, startSpan(name, call))
        call.begin(reply)
        if (!call.ended) void run(input, context, call, reply)
      })
    },
  }
}

/** The one answer of a call: the first of the handler, the deadline and the caller's leaving decides. */
class Reply implements Ending {
  readonly span: Span | undefined
  readonly #resolve: (out: unknown) => void
  readonly #reject: (fault: Fault) => void
  readonly #meter: CallLog
  readonly #load: Load
  readonly #startedMs: number
  readonly #clock: Clock
  #given = false

  constructor(
    resolve: (out: unknown) => void,
    reject: (fault: Fault) => void,
    meter: CallLog,
    load: Load,
    clock: Clock,
    span: Span | undefined,
  ) {
    this.#resolve = resolve
    this.#reject = reject
    this.#meter = meter
    this.#load = load
    this.#clock = clock
    this.#startedMs = clock.monotonic()
    this.span = span
  }

  give(out: unknown): void {
    if (this.#given) return
    this.#note(undefined)
    this.#resolve(out)
  }

  refuse(fault: Fault): void {
    if (this.#given) return
    this.#note(fault)
    this.#reject(fault)
  }

  #note(fault: Fault | undefined): void {
    this.#given = true
    // Also when the handler has yet to notice: handlers that never do must not use up the process for good.
    this.#load.end()
    this.#meter(this.#clock.monotonic() - this.#startedMs, fault?.code)
    if (this.span) endSpan(this.span, fault)
  }
}

/** Limits are for those outside: what services call among themselves was counted at the edge. */
function limitKey(by: 'address' | 'player', caller: Caller): string | undefined {
  if (caller.kind === 'service' || (caller.kind === 'player' && caller.via !== undefined)) return undefined
  return by === 'player' && caller.kind === 'player' ? caller.playerId : caller.address
}

/** The fault the caller may see. Anything that is not of the contract or of core is a bug: logged here, hidden there. */
function visible(error: unknown, contract: Contract, context: Running, name: string): Fault {
  if (error instanceof Fault && (CORE_CODES.has(error.code) || Object.hasOwn(contract.errors, error.code))) {
    return error
  }
  context.log.error({ err: error, call: name }, 'a call failed unexpectedly')
  return core.INTERNAL({ cause: error })
}
