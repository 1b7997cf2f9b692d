import { crashPoint, leadingBits } from '@meydan/games/crash'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** 52 bits are so many digits of hex. */
const DIGITS = 13
const TWO_52 = 2 ** 52
const RETURNED = 99

/** From a round's hash to its crash point, each step as it can be checked by hand. */
export interface Arithmetic {
  /** HMAC-SHA256(key = salt as text, message = the 32 bytes of the hash), hex. */
  readonly hmac: string
  /** The first 52 bits, hex and as a number. */
  readonly digits: string
  readonly bits: number
  /** `bits / 2⁵²`, 0 to 1. */
  readonly share: number
  /** `99 / (1 − share)`, hundredths. */
  readonly quotient: number
  /** Its floor, at least 100. */
  readonly multiplier: number
}

export function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/** Throws for what is no hash. */
export function arithmeticOf(hash: string, salt: string): Arithmetic {
  const digest = hmac(sha256, utf8ToBytes(salt), hexToBytes(hash))
  const bits = leadingBits(digest)
  const hex = bytesToHex(digest)
  const share = bits / TWO_52
  return {
    hmac: hex,
    digits: hex.slice(0, DIGITS),
    bits,
    share,
    quotient: RETURNED / (1 - share),
    multiplier: crashPoint(digest),
  }
}

/** SHA-256 of the bytes of a hash, so many times over: from a round back to the commitment of its chain. */
export function hashedBack(hash: string, times: number): string {
  let bytes = hexToBytes(hash)
  for (let time = 0; time < times; time++) bytes = sha256(bytes)
  return bytesToHex(bytes)
}
