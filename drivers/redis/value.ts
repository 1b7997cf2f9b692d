import type { Plain } from '@meydan/contracts/core'
import { Packr } from 'msgpackr'

const packr = new Packr({ useRecords: false, mapsAsObjects: true })

export const pack = (value: Plain): Buffer => packr.pack(value)
export const unpack = (bytes: Uint8Array): Plain => packr.unpack(bytes)

/** First byte of a stored value. A counter has none of them: Redis keeps it in digits. */
const RAW = 0
const PACKED = 1

export function toStored(value: Plain | Uint8Array): Buffer {
  const isRaw = value instanceof Uint8Array
  return Buffer.concat([Uint8Array.of(isRaw ? RAW : PACKED), isRaw ? value : pack(value)])
}

export function fromStored(stored: Buffer): Plain | Uint8Array {
  if (stored[0] === RAW) return Uint8Array.from(stored.subarray(1))
  return stored[0] === PACKED ? unpack(stored.subarray(1)) : Number(stored.toString())
}
