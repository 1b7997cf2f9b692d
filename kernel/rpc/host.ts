import { type Contract, core } from '@meydan/contracts/core'
import type { Listener } from '../events/index.ts'
import { endWith, type Log, type Metrics, startSpan } from '../telemetry/index.ts'
import type { Clock } from '../time/index.ts'
import type { CallContext, Caller } from './call.ts'
import { clientsFor } from './client.ts'
import { openContext, Running } from './context.ts'
import { type JobRunner, jobRunner } from './jobs.ts'
import { type Limiter, memoryLimiter } from './limiter.ts'
import type { Link } from './link.ts'
import { load } from './load.ts'
import { localLink } from './local.ts'
import { callMeter } from './meter.ts'
import { type AnyHandler, type Pipeline, type PipelineOptions, pipeline } from './pipeline.ts'
import type { AnyBuilt, AnyService, Calls, Clients, Kit } from './service.ts'

/** What the platform puts into a service's kit; the host adds how to call others. */
export type KitParts = Omit<Kit, 'call' | 'ownContext'>

export interface HostOptions {
  /** The services this process answers for. */
  readonly services: readonly AnyService[]
  /** Called once a service, in order; may open its database and migrate it. */
  readonly kit: (service: AnyService) => KitParts | Promise<KitParts>
  /** Contracts that other processes answer for, and the way there. */
  readonly remote?: { readonly contracts: readonly Contract[]; readonly link: Link } | undefined
  /** Counts calls against the procedures' limits; this process's memory unless given. */
  readonly limiter?: Limiter | undefined
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
  /** Freezes what passes between services: development and tests. */
  readonly freeze: boolean
}

/** A service's listener, for whoever wires the bus. */
export interface HostedListener {
  readonly service: string
  readonly listener: Listener
}

/** The services of one process, and the one place calls come in, wherever they are answered. */
export interface Host {
  /** Every contract that can be called through this host, its own and those in other processes. */
  readonly contracts: readonly Contract[]
  readonly listeners: readonly HostedListener[]
  /**
   * For doors: `call('wallet.balance', input, context)`. UNKNOWN_CALL for what is not there, and for procedures that
   * only services may call, since for a door those do not exist. Rejects with a Fault and nothing else.
   */
  call(name: string, input: unknown, context: CallContext): Promise<unknown>
  /** Clients for a part of this process that is no service, such as its gateway. Throws for a contract that nobody answers for. */
  clients<C extends Calls>(as: string, calls: C): Clients<C>
  /** For links from other processes: this process's own services only, service procedures included. */
  dispatch(contract: string, procedure: string, input: unknown, context: CallContext, caller?: Caller): Promise<unknown>
  /** The contract as this process has it, if it answers for it. */
  own(contract: string): Contract | undefined
  start(): Promise<void>
  /** Jobs end, services drain, and calls that run are waited for; whoever lets calls in stops doing so before. */
  drain(withinMs: number): Promise<void>
  stop(): Promise<void>
}

const OWN_TIMEOUT_MS = 5_000
/** A call holds a few KiB, so these are some tens of MiB; more at once could not be answered in time anyway. */
const OPEN_CALLS_MAX = 10_000
const JOBS_STOP_MS_MAX = 2_000

/** Builds the services, each with its kit, and joins them into one host. Nothing runs until `start()`. */
export async function createHost(options: HostOptions): Promise<Host> {
  const { clock, freeze, log, metrics } = options
  const limiter = options.limiter ?? memoryLimiter(clock)
  const meter = callMeter(metrics)
  const calls = load(OPEN_CALLS_MAX)
  metrics.observe('meydan_calls_open', 'Calls that run now', () => calls.open)
  const pipelines = new Map<string, ReadonlyMap<string, Pipeline>>()
  const local = localLink(pipelines, freeze)
  const here = new Map(options.services.map(({ contract }) => [contract.name, contract]))
  const away = options.remote?.contracts.filter(({ name }) => !here.has(name)) ?? []

  const linkTo = (caller: string) => (contract: Contract) => {
    if (here.has(contract.name)) return local
    if (options.remote && away.some(({ name }) => name === contract.name)) return options.remote.link
    throw new Error(`${caller} calls ${contract.name}, which neither this process nor another one answers for`)
  }

  const mounted: Mounted[] = []
  for (const service of options.services) {
    const { contract } = service
    const parts = await options.kit(service)
    const kit: Kit = {
      ...parts,
      call: clientsFor(contract.name, service.calls, linkTo(contract.name), clock),
      ownContext: (timeoutMs = OWN_TIMEOUT_MS, traceparent = undefined) =>
        openContext({
          caller: { kind: 'service', service: contract.name },
          clock,
          log: parts.log,
          timeoutMs,
          traceparent,
        }),
    }
    // The kit has clients for exactly the contracts the service named; a list of services cannot say so in types.
    const built = service.build(kit as never)
    pipelines.set(contract.name, pipelinesOf(contract, built.handlers, { limiter, meter, load: calls, freeze }))
    mounted.push({ name: contract.name, built, jobs: jobRunner(contract.name, built.jobs ?? [], parts.log, metrics) })
  }

  const remote = options.remote && away.length > 0 ? { contracts: away, link: options.remote.link } : undefined
  const doors = doorCalls([...here.values()], local, remote)
  return {
    contracts: [...here.values(), ...away],
    listeners: mounted.flatMap(({ name, built }) =>
      (built.listeners ?? []).map((listener) => ({ service: name, listener })),
    ),
    call(name, input, context) {
      const door = doors.get(name)
      if (!door) return Promise.reject(core.UNKNOWN_CALL({ details: { call: name } }))
      const entered = Running.from(context, clock)
      const span = startSpan(door.span, entered)
      const answer = door.link.call(door.contract, door.procedure, input, entered, context.caller)
      return span ? endWith(span, answer) : answer
    },
    clients: (as, calls) => clientsFor(as, calls, linkTo(as), clock),
    dispatch(contract, procedure, input, context, caller = context.caller) {
      const target = pipelines.get(contract)?.get(procedure)
      if (!target) return Promise.reject(core.UNKNOWN_CALL({ details: { call: `${contract}.${procedure}` } }))
      return target.answer(input, Running.from(context, clock), caller)
    },
    own: (contract) => here.get(contract),
    async start() {
      for (const { built } of mounted) await built.start?.()
      for (const { jobs } of mounted) jobs.start()
    },
    async drain(withinMs) {
      const finished = mounted.flatMap(({ jobs, built }) => [jobs.stop(withinMs), built.drain?.(withinMs)])
      await Promise.all([...finished, calls.idle(withinMs)])
    },
    async stop() {
      await Promise.all(mounted.map(({ jobs }) => jobs.stop(JOBS_STOP_MS_MAX)))
      for (const { name, built } of mounted.toReversed()) {
        // One service that fails to stop must not keep the others from it.
        await built.stop?.().catch((error: unknown) => log.error({ err: error, service: name }, 'failed to stop'))
      }
    },
  }
}

interface Mounted {
  readonly name: string
  readonly built: AnyBuilt
  readonly jobs: JobRunner
}

function pipelinesOf(contract: Contract, handlers: object, options: PipelineOptions): ReadonlyMap<string, Pipeline> {
  const byName = new Map(Object.entries(handlers))
  const pipelines = new Map<string, Pipeline>()
  for (const [name, procedure] of Object.entries(contract.procedures)) {
    const handler: unknown = byName.get(name)
    if (typeof handler !== 'function') throw new Error(`${contract.name} has no handler for ${name}`)
    // `service()` has checked the handler against its procedure; the pipeline gives it what the schema parsed.
    pipelines.set(name, pipeline(contract, name, procedure, handler as AnyHandler, options))
  }
  return pipelines
}

interface DoorCall {
  readonly contract: Contract
  readonly procedure: string
  readonly link: Link
  /** Made once: a call without tracing pays nothing for its name. */
  readonly span: string
}

/** What doors can call, by `contract.procedure`: everything but the procedures that only services may call. */
function doorCalls(here: readonly Contract[], local: Link, remote: HostOptions['remote']): Map<string, DoorCall> {
  const doors = new Map<string, DoorCall>()
  const add = (contract: Contract, link: Link) => {
    for (const [procedure, { auth }] of Object.entries(contract.procedures)) {
      const name = `${contract.name}.${procedure}`
      if (auth !== 'service') doors.set(name, { contract, procedure, link, span: `gateway ${name}` })
    }
  }
  for (const contract of here) add(contract, local)
  if (remote) for (const contract of remote.contracts) add(contract, remote.link)
  return doors
}
