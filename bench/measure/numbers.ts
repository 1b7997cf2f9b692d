/** The value below which `part` (0 to 1) of the values lie; 0 of none. */
export function percentile(values: Iterable<number>, part: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits))
}
