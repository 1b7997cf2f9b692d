import type { Plain } from '@meydan/contracts/core'
import { Packr } from 'msgpackr'

const packr = new Packr({ useRecords: false, mapsAsObjects: true })

/** A stored value: bytes as they came, anything else packed. Packing keeps giver and taker from sharing an object. */
export type Packed = { readonly raw: boolean; readonly bytes: Uint8Array }

export function packValue(value: Plain | Uint8Array): Packed {
  if (value instanceof Uint8Array) return { raw: true, bytes: Uint8Array.from(value) }
  return { raw: false, bytes: packr.pack(value) }
}

export function unpackValue(packed: Packed): Plain | Uint8Array {
  if (packed.raw) return Uint8Array.from(packed.bytes)
  return packr.unpack(packed.bytes)
}
