/** Labels with few values each; never ids. */
export type Labels = Readonly<Record<string, string>>

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
  /** The Prometheus text format. */
  text(): Promise<string>
}
