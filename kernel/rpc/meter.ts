import type { Metrics } from '../telemetry/index.ts'

/** Notes one answered call; `code` is absent when it went well. */
export type CallLog = (durationMs: number, code: string | undefined) => void
/** Gives the log of one procedure by its full name. */
export type CallMeter = (call: string) => CallLog

/** Seconds. A local call takes microseconds, a call into Postgres a millisecond, a password hash 50. */
const BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const MS_PER_S = 1_000

/** Rate and errors (`meydan_calls_total` by code) and duration (`meydan_call_duration_seconds`) per procedure. */
export function callMeter(metrics: Metrics): CallMeter {
  const count = metrics.counter('meydan_calls_total', 'Calls answered, by code', ['call', 'code'])
  const observe = metrics.histogram('meydan_call_duration_seconds', 'Duration of calls', BUCKETS_S, ['call'])
  return (call) => {
    const labels = { call }
    const byCode = new Map<string, { call: string; code: string }>()
    return (durationMs, code = 'OK') => {
      let coded = byCode.get(code)
      if (coded === undefined) {
        coded = { call, code }
        byCode.set(code, coded)
      }
      count(1, coded)
      observe(durationMs / MS_PER_S, labels)
    }
  }
}
