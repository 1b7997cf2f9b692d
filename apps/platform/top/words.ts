/** How figures are told in few letters. */

const MB = 1_048_576
const MINUTE_S = 60
const HOUR_S = 60 * MINUTE_S
const DAY_S = 24 * HOUR_S

/** `-` for what is not known. */
export const orNone =
  (tell: (value: number) => string) =>
  (value: number | undefined): string =>
    value === undefined ? '-' : tell(value)

/** `0.4`, `12`, `3.2k`: five letters at most below a billion. */
export function count(value: number): string {
  if (value >= 999_500) return `${(value / 1_000_000).toFixed(1)}M`
  if (value >= 9_999.5) return `${(value / 1_000).toFixed(value >= 99_950 ? 0 : 1)}k`
  return Number.isInteger(value) || value >= 9.95 ? value.toFixed(0) : value.toFixed(1)
}

export const percent = (share: number): string => (share * 100).toFixed(0)

export const megabytes = (bytes: number): string => count(Math.round(bytes / MB))

/** `45s`, `12m`, `3h20m`, `4d07h`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  if (whole < MINUTE_S) return `${whole}s`
  if (whole < HOUR_S) return `${Math.floor(whole / MINUTE_S)}m`
  if (whole < DAY_S) return `${Math.floor(whole / HOUR_S)}h${two(Math.floor((whole % HOUR_S) / MINUTE_S))}m`
  return `${Math.floor(whole / DAY_S)}d${two(Math.floor((whole % DAY_S) / HOUR_S))}h`
}

/** Of the day, where whoever looks is: `17:40:12`. */
export function clockTime(ms: number): string {
  const at = new Date(ms)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
}

const two = (value: number): string => String(value).padStart(2, '0')
