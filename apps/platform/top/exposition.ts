import type { Labels } from '@meydan/kernel/telemetry'

/** One line of the Prometheus text format. */
export interface Sample {
  readonly name: string
  readonly labels: Labels
  readonly value: number
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g
const ESCAPED: Readonly<Record<string, string>> = { '\\n': '\n' }

/** Samples of https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format, without help, types and times. */
export function parseExposition(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value = ''] = LINE.exec(line) ?? []
    if (name === undefined) return []
    return [{ name, labels: labelsOf(labels), value: Number(value.replace('Inf', 'Infinity')) }]
  })
}

function labelsOf(text: string): Labels {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name, value = '']) => [name, unescaped(value)]))
}

function unescaped(value: string): string {
  return value.replaceAll(/\\./g, (pair) => ESCAPED[pair] ?? pair.slice(1))
}

/** The sum over all series of that name whose labels fit; undefined when there is none. */
export function sumOf(
  samples: readonly Sample[],
  name: string,
  fits: (labels: Labels) => boolean = () => true,
): number | undefined {
  const found = samples.filter((sample) => sample.name === name && fits(sample.labels))
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
}

/** How many observations a histogram has at or below each bound; its series are added up. */
export function bucketsOf(samples: readonly Sample[], histogram: string): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const { name, labels, value } of samples) {
    if (name !== `${histogram}_bucket`) continue
    const bound = Number((labels.le ?? '').replace('Inf', 'Infinity'))
    counts.set(bound, (counts.get(bound) ?? 0) + value)
  }
  return counts
}

/**
 * What a fraction of the observations between two looks lies below, as Prometheus' `histogram_quantile` has it: evenly spread within
 * its bucket, and the highest finite bound for what is above them all. Undefined without observations.
 */
export function quantileBetween(
  fraction: number,
  before: ReadonlyMap<number, number>,
  now: ReadonlyMap<number, number>,
): number | undefined {
  const bounds = [...now.keys()].toSorted((a, b) => a - b)
  const below = (bound: number): number => (now.get(bound) ?? 0) - (before.get(bound) ?? 0)
  const wanted = fraction * below(Number.POSITIVE_INFINITY)
  if (!(wanted > 0)) return undefined
  let from = { bound: 0, count: 0 }
  for (const bound of bounds) {
    const count = below(bound)
    if (count >= wanted) {
      if (bound === Number.POSITIVE_INFINITY) return from.bound
      return from.bound + ((bound - from.bound) * (wanted - from.count)) / (count - from.count)
    }
    from = { bound, count }
  }
  return from.bound
}
