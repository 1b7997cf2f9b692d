import type { Log, Metrics } from '@meydan/kernel/telemetry'

const nothing = () => {}

/** A log that says nothing. */
export const quietLog: Log = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
  child: () => quietLog,
}

/** Metrics that nobody reads. */
export const quietMetrics: Metrics = {
  counter: () => nothing,
  gauge: () => nothing,
  histogram: () => nothing,
  observe: nothing,
  observeEach: nothing,
  text: async () => '',
}
