/** Long enough to be seen, short enough not to be waited for. */
export const COUNT_UP_MS = 900

/** A whole number on its way: quick at first, calm at the end. */
export function countedUp(from: number, to: number, passedMs: number): number {
  const left = 1 - Math.min(1, Math.max(0, passedMs / COUNT_UP_MS))
  return Math.round(to - (to - from) * left ** 3)
}
