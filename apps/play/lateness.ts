/** The tick lateness below which 99 % of ticks ran, in ms, from a Prometheus histogram in `text`; undefined without ticks. */
export function latenessP99Ms(text: string, before: string): number | undefined {
  const now = bucketsOf(text)
  const earlier = new Map(bucketsOf(before))
  const counts = now.map(([bound, count]) => [bound, count - (earlier.get(bound) ?? 0)] as const)
  const total = counts.at(-1)?.[1] ?? 0
  if (total === 0) return undefined
  const found = counts.find(([, count]) => count >= total * 0.99)
  return (found?.[0] ?? Number.POSITIVE_INFINITY) * 1_000
}

function bucketsOf(text: string): [number, number][] {
  const lines = text.matchAll(/^meydan_tick_lateness_seconds_bucket\{[^}]*le="([^"]+)"[^}]*\} (\d+)/gm)
  return [...lines].map(([, bound = '', count = '']) => [
    bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound),
    Number(count),
  ])
}
