import { MULTIPLIER_MIN } from './growth.ts'

/** Bits of the digest that decide. */
const BITS = 52
/** In hundredths, of a stake of one: the house keeps one in a hundred. */
const RETURNED = 99

/** The first 52 bits of a digest, as a whole number below 2⁵². */
export function leadingBits(digest: Uint8Array): number {
  let bits = 0
  for (const byte of digest.subarray(0, 6)) bits = bits * 256 + byte
  return bits * 16 + ((digest[6] ?? 0) >> 4)
}

/**
 * Where a round crashes, in hundredths: max(100, floor(99 / (1 − r/2⁵²))) in doubles (IEEE 754), r being the first 52 bits of HMAC-SHA256(key = salt,
 * message = the 32 bytes of the round's hash). P(100) = 2/101, P(≥ m) ≈ 0.99/(m/100). After the formula of bustabit.com, whose edge is the same.
 * What would not be an exact whole number any more is the largest that is: one round in 10¹⁴.
 */
export function crashPoint(digest: Uint8Array): number {
  const exact = Math.floor(RETURNED / (1 - leadingBits(digest) / 2 ** BITS))
  return Math.min(Number.MAX_SAFE_INTEGER, Math.max(MULTIPLIER_MIN, exact))
}

/** `floor(amount × multiplier / 100)`, in minor units; exact as long as the result is (2⁵³). */
export function payoutOf(amount: number, multiplier: number): number {
  return Number((BigInt(amount) * BigInt(multiplier)) / BigInt(MULTIPLIER_MIN))
}
