import { core } from '../core/index.ts'

/** Bytes that do not follow the format. What was decoded so far is thrown away. */
export function malformed(what: string): Error {
  return core.INVALID_INPUT({ message: `The frame is malformed: ${what}.`, details: { field: 'frame' } })
}

const VARINT_BYTES_MAX = 5
const FIRST_CAPACITY = 256

/** Writes into a buffer that grows and is used again for each frame. */
export class ByteWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY)
  length = 0

  reset(): void {
    this.length = 0
  }

  u8(value: number): void {
    this.#room(1)
    this.#bytes[this.length++] = value
  }

  u16(value: number): void {
    this.u8(value >>> 8)
    this.u8(value & 0xff)
  }

  u32(value: number): void {
    this.u16(value >>> 16)
    this.u16(value & 0xffff)
  }

  /** LEB128: seven bits a byte, least significant first; 0 to 2³²−1. */
  varint(value: number): void {
    this.#room(VARINT_BYTES_MAX)
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.#bytes[this.length++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.length++] = rest
  }

  /** A copy, which the caller may keep. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.length)
  }

  /** What has been written from `from` on: to be read before the next write. */
  view(from: number): Uint8Array {
    return this.#bytes.subarray(from, this.length)
  }

  #room(count: number): void {
    if (this.length + count <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.length + count))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}

/** Reads what somebody sent, and throws INVALID_INPUT rather than read past its end. */
export class ByteReader {
  readonly #bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  get left(): number {
    return this.#bytes.length - this.at
  }

  u8(): number {
    const value = this.#bytes[this.at]
    if (value === undefined) throw malformed('it ends too soon')
    this.at++
    return value
  }

  u16(): number {
    return (this.u8() << 8) | this.u8()
  }

  u32(): number {
    return ((this.u16() << 16) | this.u16()) >>> 0
  }

  varint(): number {
    let value = 0
    for (let count = 0; count < VARINT_BYTES_MAX; count++) {
      const byte = this.u8()
      value |= (byte & 0x7f) << (7 * count)
      if (byte < 0x80) return value >>> 0
    }
    throw malformed('a number is too long')
  }
}
