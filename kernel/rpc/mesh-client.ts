import { type Contract, core, Fault, type Procedure } from '@meydan/contracts/core'
import { SpanKind } from '@opentelemetry/api'
import type { Dispatcher } from 'undici'
import { type Retry, retrying } from '../policies/index.ts'
import { endSpan, formatTraceparent, type Log, type Metrics, sparing, startSpan } from '../telemetry/index.ts'
import type { Clock } from '../time/index.ts'
import type { Running } from './context.ts'
import type { Discovery } from './discovery.ts'
import type { Link } from './link.ts'
import { watchTargets } from './mesh-meter.ts'
import { leastLoaded, MeshFailure, type Target, targets } from './mesh-target.ts'
import {
  BODY_BYTES_MAX,
  CONTENT_TYPE,
  decodeFault,
  decodeLimit,
  EDGE,
  encodeCaller,
  HEADER,
  pack,
  unpack,
} from './mesh-wire.ts'
import type { ServiceTokens } from './service-token.ts'
import { shapeOf } from './version.ts'

export interface MeshLinkOptions {
  readonly discovery: Discovery
  readonly tokens: ServiceTokens
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
}

export interface MeshLink extends Link {
  /** A way to the services of one process alone, for what only that one has. `addressOf` gives undefined while it is not known to live. */
  to(processId: string, addressOf: (processId: string) => Promise<string | undefined>): Link
  close(): Promise<void>
}

/** With the delays below, a process that is back within a second or so is waited for. */
const RETRIES_MAX = 6
const RETRY_DELAY_MS_FIRST = 25
const RETRY_DELAY_MS_MAX = 500
/** For a call that changes something, and must not be made twice without looking. */
const IN_DOUBT = {
  message: 'The answer was lost: it may or may not have been done.',
  details: { inDoubt: true },
}
/** Who has not answered for this long when the deadline passes counts as hung, not merely as slow. */
const HUNG_MS = 1_000

const retryOf = (isWorthwhile: (failure: MeshFailure) => boolean): Retry =>
  retrying({
    againMax: RETRIES_MAX,
    firstDelayMs: RETRY_DELAY_MS_FIRST,
    delayMsMax: RETRY_DELAY_MS_MAX,
    isWorthwhile: (error) => error instanceof MeshFailure && isWorthwhile(error),
  })
const again = retryOf(({ passing }) => passing)
const againIfUnseen = retryOf(({ passing, unseen }) => passing && unseen)

/**
 * Calls services in other processes. A call's deadline travels with it and its end cancels it there. When an address
 * fails, idempotent procedures are tried again, elsewhere if there is an elsewhere; so are others as long as no handler
 * has seen them. After a few failures in a row the address is left alone for a second.
 */
export function meshLink(options: MeshLinkOptions): MeshLink {
  const { discovery, tokens, log } = options
  const known = targets(options)
  const retried = options.metrics.counter('meydan_mesh_retries_total', 'Calls tried again', ['service'])
  const failed = options.metrics.counter('meydan_mesh_failures_total', 'Calls that found no answer', ['service'])
  const called = new Map<string, Contract>()
  const said = sparing(log)
  let turn = 0

  const targetsOf: TargetsOf = async (contract) => known.of(contract.name, await discovery.resolve(contract))

  watchTargets(options.metrics, async () => {
    // Also of who was called long ago: an address that is gone shows no more.
    await Promise.allSettled([...called.values()].map(targetsOf))
    return known.all
  })

  const send = async (outgoing: Outgoing, targetsOf: TargetsOf): Promise<unknown> => {
    const { contract, procedure, call } = outgoing
    let tries = 0
    const attempt = async () => {
      if (tries++ > 0) retried(1, { service: contract.name })
      const target = leastLoaded(await targetsOf(contract), turn++)
      if (!target) throw new MeshFailure(`nobody answers for ${contract.name}`, { passing: true, unseen: true })
      return target.run(async () => request(target, outgoing, await tokens.issue(outgoing.as, contract.name)))
    }
    try {
      return await (procedure.idempotent ? again : againIfUnseen).run(attempt, call.signal)
    } catch (error) {
      if (call.ended) throw call.ended
      if (!(error instanceof MeshFailure)) throw error
      const about = { err: error, service: contract.name, traceId: call.traceId }
      said.warn(contract.name, about, 'a service could not be reached')
      failed(1, { service: contract.name })
      const isDoubtful = !procedure.idempotent && !error.unseen
      throw core.UNAVAILABLE({ retryAfterS: 1, cause: error, ...(isDoubtful && IN_DOUBT) })
    }
  }

  const linkTo = (targetsOf: TargetsOf): Link => ({
    async call(contract, name, input, context, caller) {
      const procedure = contract.procedures[name]
      if (!procedure) throw core.UNKNOWN_CALL({ details: { call: `${contract.name}.${name}` } })
      const call = context.under(caller, procedure.timeoutMs)
      const { promise: ended, reject } = Promise.withResolvers<never>()
      call.begin({ refuse: reject })
      if (call.ended) return ended
      const span = startSpan(`${contract.name}.${name}`, call, { kind: SpanKind.CLIENT })
      try {
        const outgoing = outgoingCall(contract, procedure, name, input, context, call)
        const out = await Promise.race([send(outgoing, targetsOf), ended])
        if (span) endSpan(span)
        return out
      } catch (error) {
        const fault = asFault(error, call, log)
        if (span) endSpan(span, fault)
        throw fault
      } finally {
        call.finish()
      }
    },
  })

  return {
    ...linkTo((contract) => {
      called.set(contract.name, contract)
      return targetsOf(contract)
    }),
    to: (processId, addressOf) =>
      linkTo(async ({ name }) => {
        const address = await addressOf(processId)
        return known.of(`${name}@${processId}`, address === undefined ? [] : [address])
      }),
    close: () => known.close(),
  }
}

type TargetsOf = (contract: Contract) => Promise<readonly Target[]>

interface Outgoing {
  readonly contract: Contract
  readonly procedure: Procedure
  readonly name: string
  readonly body: Buffer
  /** Whence the call comes; what the limiter there says is noted on it. */
  readonly context: Running
  readonly call: Running
  readonly headers: Readonly<Record<string, string>>
  /** Whose service token it carries. */
  readonly as: string
}

function outgoingCall(
  contract: Contract,
  procedure: Procedure,
  name: string,
  input: unknown,
  context: Running,
  call: Running,
): Outgoing {
  const body = pack(input ?? {})
  if (body.length > BODY_BYTES_MAX) throw core.PAYLOAD_TOO_LARGE()
  const { caller } = call
  const told = encodeCaller(caller)
  const headers = {
    'content-type': CONTENT_TYPE,
    [HEADER.version]: String(contract.version),
    [HEADER.shape]: shapeOf(contract),
    traceparent: formatTraceparent(call.trace),
    ...(told !== undefined && { [HEADER.caller]: told }),
  }
  const as = caller.kind === 'service' ? caller.service : EDGE
  return { contract, procedure, name, body, context, call, headers, as }
}

/** A failure that is no fault is this side's own: an input that cannot be packed, a key that cannot sign. */
function asFault(error: unknown, call: Running, log: Log): Fault {
  if (error instanceof Fault) return error
  log.error({ err: error, traceId: call.traceId }, 'a call to another process failed unexpectedly')
  return core.INTERNAL({ cause: error })
}

/** One try. Throws the service's Fault, or a MeshFailure when there is no answer of the service's. */
async function request(target: Target, outgoing: Outgoing, token: string): Promise<unknown> {
  const { contract, name, call, body, context } = outgoing
  const startedMs = call.clock.monotonic()
  let answer: Answer
  try {
    const response = await target.pool.request({
      method: 'POST',
      path: `/mesh/${contract.name}/${name}`,
      headers: {
        ...outgoing.headers,
        authorization: `Bearer ${token}`,
        [HEADER.timeoutMs]: String(Math.max(1, Math.ceil(call.deadlineMs - call.clock.now()))),
      },
      body,
      signal: call.signal,
    })
    answer = { response, bytes: new Uint8Array(await response.body.arrayBuffer()) }
  } catch (error) {
    const waitedMs = call.clock.monotonic() - startedMs
    // A caller that left, or had hardly any time to give, says nothing about the address.
    if (call.ended && (call.ended.code !== 'DEADLINE_EXCEEDED' || waitedMs < HUNG_MS)) throw call.ended
    const unseen = isUnsent(error)
    throw new MeshFailure(`${target.address} did not answer`, { passing: !call.ended, unseen, cause: error })
  }
  const limit = headerOf(answer.response, HEADER.limit)
  if (limit !== undefined) context.limit = decodeLimit(limit)
  return outcome(answer, target)
}

/** What undici says before it has written anything. */
const UNSENT: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_CLOSED'])
/** What was being done when there was no connection yet. */
const CONNECTING: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo'])

function isUnsent(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && UNSENT.has(error.code)) || ('syscall' in error && CONNECTING.has(error.syscall))
}

interface Answer {
  readonly response: Dispatcher.ResponseData
  readonly bytes: Uint8Array
}

const OK = 200
/** Refusals that are the calling side's to know; the others mean that the mesh itself is not in order. */
const TOLD_REFUSALS: ReadonlySet<string> = new Set(['VERSION_MISMATCH', 'PAYLOAD_TOO_LARGE'])

function outcome({ response, bytes }: Answer, target: Target): unknown {
  let body: unknown
  try {
    body = unpack(bytes)
  } catch (error) {
    throw new MeshFailure(`${target.address} answered with garbage`, { passing: false, unseen: false, cause: error })
  }
  if (response.statusCode === OK) return body
  const fault = decodeFault(response.statusCode, body, headerOf(response, 'retry-after'))
  if (headerOf(response, HEADER.refused) === undefined || TOLD_REFUSALS.has(fault.code)) throw fault
  // UNAUTHENTICATED here is about the service's token; passed on, it would tell a player that his own was bad.
  const passing = fault.code === 'UNAVAILABLE'
  throw new MeshFailure(`${target.address} refused the call: ${fault.code}`, { passing, unseen: true, cause: fault })
}

function headerOf(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name]
  return Array.isArray(value) ? value[0] : value
}
