import type { Answer } from './asking.ts'
import { bucketsOf, quantileBetween, sumOf } from './exposition.ts'

/** What one process does. A figure is absent where the process has no such thing, or has not answered twice yet. */
export interface Measured {
  readonly upS: number | undefined
  /** Cores in use: 1 is one of them all the time. */
  readonly cpu: number | undefined
  readonly lagMs: number | undefined
  readonly rssBytes: number | undefined
  readonly heapBytes: number | undefined
  readonly rooms: number | undefined
  readonly players: number | undefined
  readonly watchers: number | undefined
  /** 99 of 100 ticks are less late. */
  readonly lateMs: number | undefined
  readonly sockets: number | undefined
  readonly sessions: number | undefined
  readonly callsPerS: number | undefined
  /** Calls that failed by our fault. */
  readonly errorsPerS: number | undefined
}

/** What a player did wrong is no error of ours; these codes are, here as in the alerts. */
const OUR_FAULT = /^(INTERNAL|UNAVAILABLE|DEADLINE_EXCEEDED|VERSION_MISMATCH)$/
const STARTED = 'process_start_time_seconds'
const TICKS = 'meydan_tick_lateness_seconds'

/** Measures a process by what it says now and what it said in the seconds before, oldest first. */
export function measured(now: Answer, before: readonly Answer[]): Measured {
  const { samples } = now
  const earlier = before.find((answer) => isSameLife(now, answer))
  const gauge = (name: string): number | undefined => sumOf(samples, name)
  const perS = (name: string, fits?: Parameters<typeof sumOf>[2]): number | undefined => {
    if (!earlier || now.atMs <= earlier.atMs) return undefined
    // A counter with labels has no series before it first counts.
    const counted = (sumOf(samples, name, fits) ?? 0) - (sumOf(earlier.samples, name, fits) ?? 0)
    return counted / ((now.atMs - earlier.atMs) / 1_000)
  }
  const startedS = gauge(STARTED)
  const lateS = earlier && quantileBetween(0.99, bucketsOf(earlier.samples, TICKS), bucketsOf(samples, TICKS))
  return {
    upS: startedS === undefined ? undefined : now.atMs / 1_000 - startedS,
    cpu: perS('process_cpu_seconds_total'),
    lagMs: inMs(gauge('nodejs_eventloop_lag_p99_seconds')),
    rssBytes: gauge('process_resident_memory_bytes'),
    heapBytes: gauge('nodejs_heap_size_used_bytes'),
    rooms: gauge('meydan_rooms'),
    players: gauge('meydan_room_players'),
    watchers: gauge('meydan_room_watchers'),
    lateMs: inMs(lateS),
    sockets: gauge('meydan_sockets'),
    sessions: gauge('meydan_sessions'),
    callsPerS: perS('meydan_calls_total'),
    errorsPerS: perS('meydan_calls_total', ({ code = '' }) => OUR_FAULT.test(code)),
  }
}

const inMs = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1_000)

/** Counters of a process that was started anew begin at zero. */
function isSameLife(now: Answer, before: Answer): boolean {
  return sumOf(now.samples, STARTED) === sumOf(before.samples, STARTED)
}
