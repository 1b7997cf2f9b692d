const AGAIN_MS_MIN = 500
const AGAIN_MS_MAX = 8_000

/**
 * How long to wait for the next try to reach a server that has been away for `awayMs`: a third of that, so that who comes back is not waited
 * for much longer. Jittered by `random` (0–1), and the first time from nothing: a thousand clients of one dead server do not come all at once.
 */
export function redialMs(awayMs: number, random: number): number {
  if (awayMs === 0) return random * AGAIN_MS_MIN
  const waitMs = Math.min(Math.max(awayMs / 3, AGAIN_MS_MIN), AGAIN_MS_MAX)
  return waitMs * (0.5 + random / 2)
}
