import { Pool } from 'undici'
import { type BreakerState, type Guard, guard } from '../policies/index.ts'
import type { Log } from '../telemetry/index.ts'
import type { Clock } from '../time/index.ts'
import { BODY_BYTES_MAX } from './mesh-wire.ts'

/** No answer of the service's came back: the address is away, hung, refuses us or speaks garbage. */
export class MeshFailure extends Error {
  /** Whether trying again shortly may help. */
  readonly passing: boolean
  /** No handler has seen the call: trying again does nothing twice. */
  readonly unseen: boolean

  constructor(message: string, options: { passing: boolean; unseen: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'MeshFailure'
    this.passing = options.passing
    this.unseen = options.unseen
  }
}

/** One address of one service, with its connections and its guard. */
export interface Target {
  readonly service: string
  readonly address: string
  readonly pool: Pool
  readonly breaker: BreakerState
  /** Calls under way. */
  readonly open: number
  /** 0: well; 1: failed a moment ago; 2: its breaker lets nothing through. */
  readonly trouble: number
  run<T>(work: () => Promise<T>): Promise<T>
}

/** As many connections as calls: HTTP/1.1 carries one at a time, and a queue behind them would hide the wait. */
export const OPEN_MAX = 128
const FAILURES_MAX = 10
const OPEN_FOR_MS = 1_000
/** Shorter than servers keep them, see there. */
const KEEP_ALIVE_MS = 10_000
const CONNECT_MS_MAX = 1_000

interface TargetOptions {
  readonly log: Log
  readonly clock: Clock
}

/** The targets of all services. An address that discovery no longer names is closed once its calls have ended. */
export interface Targets {
  /** By service, as of its last call. */
  readonly all: ReadonlyMap<string, readonly Target[]>
  of(service: string, addresses: readonly string[]): readonly Target[]
  close(): Promise<void>
}

export function targets(options: TargetOptions): Targets {
  const byService = new Map<string, readonly Target[]>()

  const retire = (target: Target) => {
    target.pool.close().catch((error: unknown) => options.log.warn({ err: error }, 'connections did not close'))
  }

  return {
    all: byService,
    of(service, addresses) {
      const now = byService.get(service)
      if (now && areAt(now, addresses)) return now
      const before = new Map(now?.map((target) => [target.address, target]))
      const next = addresses.map((address) => before.get(address) ?? newTarget(service, address, options))
      byService.set(service, next)
      for (const target of before.values()) if (!next.includes(target)) retire(target)
      return next
    },
    async close() {
      const all = [...byService.values()].flat()
      byService.clear()
      await Promise.all(all.map(({ pool }) => pool.destroy()))
    },
  }
}

/**
 * Of the targets in the least trouble, the one with the fewest calls under way. When all have trouble, one of them
 * all the same, so that its guard answers. `turn` decides between equals.
 */
export function leastLoaded(all: readonly Target[], turn: number): Target | undefined {
  let best: Target | undefined
  for (let step = 0; step < all.length; step++) {
    const target = all[(turn + step) % all.length]
    if (target && (!best || betterThan(target, best))) best = target
  }
  return best
}

function betterThan(target: Target, best: Target): boolean {
  if (target.trouble !== best.trouble) return target.trouble < best.trouble
  return target.open < best.open
}

function newTarget(service: string, address: string, { log, clock }: TargetOptions): Target {
  let open = 0
  let failedMs = Number.NEGATIVE_INFINITY
  const guarded: Guard = guard({
    openMax: OPEN_MAX,
    failuresMax: FAILURES_MAX,
    openForMs: OPEN_FOR_MS,
    isBreakage: (error) => error instanceof MeshFailure,
    onState: (breaker) => log.warn({ service, address, breaker }, 'circuit breaker'),
  })
  return {
    service,
    address,
    pool: new Pool(address, {
      connections: OPEN_MAX,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
      maxResponseSize: BODY_BYTES_MAX,
      connect: { timeout: CONNECT_MS_MAX },
    }),
    get open() {
      return open
    },
    get breaker() {
      return guarded.state
    },
    get trouble() {
      const longAgo = clock.monotonic() - failedMs >= OPEN_FOR_MS
      // The breaker moves on from open only when it is asked to run something; while half open it lets nobody else in.
      if (guarded.state === 'half-open' || (guarded.state === 'open' && !longAgo)) return 2
      return longAgo ? 0 : 1
    },
    async run(work) {
      open++
      try {
        return await guarded.run(work)
      } catch (error) {
        if (error instanceof MeshFailure) failedMs = clock.monotonic()
        throw error
      } finally {
        open--
      }
    },
  }
}

function areAt(targets: readonly Target[], addresses: readonly string[]): boolean {
  return targets.length === addresses.length && targets.every(({ address }, index) => address === addresses[index])
}
