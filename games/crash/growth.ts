/** Of the exponent, a millisecond: the multiplier doubles each 11.552 s. */
const RATE_PER_MS = 0.00006
export const MULTIPLIER_MIN = 100

/** Where a round is after so many whole ms, in hundredths: floor(100·e^(0.00006·t)). */
export function multiplierAt(elapsedMs: number): number {
  return Math.floor(MULTIPLIER_MIN * Math.exp(RATE_PER_MS * elapsedMs))
}

/** The first whole ms at which `multiplierAt` reaches a multiplier (hundredths). */
export function reachedAtMs(multiplier: number): number {
  let ms = Math.max(0, Math.floor(Math.log(multiplier / MULTIPLIER_MIN) / RATE_PER_MS))
  // The logarithm is rounded, and so is the exponential: the floor decides.
  while (multiplierAt(ms) < multiplier) ms++
  while (ms > 0 && multiplierAt(ms - 1) >= multiplier) ms--
  return ms
}
