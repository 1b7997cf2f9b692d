import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { CounterFamily, type Family, HistogramFamily } from './series.ts'

/** Labels with few values each; never ids. */
export type Labels = Readonly<Record<string, string>>

/** One series of a gauge, as it is read. */
export interface Reading {
  readonly labels: Labels
  readonly value: number
}

/** Prometheus metrics. Names are `meydan_…`, units last (`_seconds`, `_bytes`, `_total`). The same name twice is one metric. */
export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): (by?: number, labels?: Labels) => void
  gauge(name: string, help: string, labels?: readonly string[]): (value: number, labels?: Labels) => void
  /** `buckets` are upper bounds in the metric's unit. */
  histogram(
    name: string,
    help: string,
    buckets: readonly number[],
    labels?: readonly string[],
  ): (value: number, labels?: Labels) => void
  /** Reads a gauge when it is scraped. */
  observe(name: string, help: string, read: () => number): void
  /** The same for a gauge with labels. A series that is not read any more is gone. */
  observeEach(
    name: string,
    help: string,
    labels: readonly string[],
    read: () => readonly Reading[] | Promise<readonly Reading[]>,
  ): void
  /** The Prometheus text format. */
  text(): Promise<string>
}

/** What `text()` is served as. */
export const METRICS_CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE

/**
 * Metrics in a registry of their own. With `process: true` the process's own are there too: memory, CPU,
 * open handles, garbage collection and event loop lag.
 */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry()
  if (options.process) collectDefaultMetrics({ register: registry })
  const families: Family[] = []
  const written = <F extends Family>(family: F): F => {
    families.push(family)
    return family
  }
  const made = new Map<string, { kind: string; metric: unknown }>()

  const once = <M>(kind: string, name: string, make: () => M, is: (metric: unknown) => metric is M): M => {
    const there = made.get(name)
    if (there === undefined) {
      const metric = make()
      made.set(name, { kind, metric })
      return metric
    }
    if (!is(there.metric)) throw new Error(`${name} is a ${there.kind} already, not a ${kind}`)
    return there.metric
  }

  const observed: Metrics['observeEach'] = (name, help, labels, read) => {
    // The reader belongs to whoever asked last: a part that was rebuilt reads its new self.
    if (made.has(name)) registry.removeSingleMetric(name)
    const gauge = new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      async collect() {
        const readings = await read()
        this.reset()
        for (const reading of readings) this.set(reading.labels, reading.value)
      },
    })
    made.set(name, { kind: 'gauge', metric: gauge })
  }

  return {
    counter(name, help, labels = []) {
      const counter = once('counter', name, () => written(new CounterFamily(name, help, labels)), isCounter)
      return (by = 1, values) => counter.add(by, values)
    },
    gauge(name, help, labels = []) {
      const options = { name, help, labelNames: [...labels], registers: [registry] }
      const gauge = once('gauge', name, () => new Gauge(options), isGauge)
      return (value, values) => (values ? gauge.set(values, value) : gauge.set(value))
    },
    histogram(name, help, buckets, labels = []) {
      const make = () => written(new HistogramFamily(name, help, buckets, labels))
      const histogram = once('histogram', name, make, isHistogram)
      return (value, values) => histogram.observe(value, values)
    },
    observe: (name, help, read) => observed(name, help, [], () => [{ labels: {}, value: read() }]),
    observeEach: observed,
    text: async () => families.map((family) => family.text()).join('') + (await registry.metrics()),
  }
}

const isCounter = (metric: unknown): metric is CounterFamily => metric instanceof CounterFamily
const isGauge = (metric: unknown): metric is Gauge => metric instanceof Gauge
const isHistogram = (metric: unknown): metric is HistogramFamily => metric instanceof HistogramFamily
