import { type ByteReader, type ByteWriter, malformed } from './bytes.ts'

const BYTE = 8
/** What is put in at a time fits 31 bits together with the up to 7 that wait for their byte to fill. */
const CHUNK = 24
/** The longest number has 32 bits. */
const TOP_BIT = 31

/** Appends single bits to bytes, the highest first. */
export class BitWriter {
  readonly #bytes: ByteWriter
  #waiting = 0
  #count = 0

  constructor(bytes: ByteWriter) {
    this.#bytes = bytes
  }

  flag(isSet: boolean): void {
    this.#put(isSet ? 1 : 0, 1)
  }

  /** The low `count` bits of a number, 0 to 32 of them. */
  bits(value: number, count: number): void {
    if (count > CHUNK) this.#put(low(value >>> CHUNK, count - CHUNK), count - CHUNK)
    const rest = Math.min(count, CHUNK)
    this.#put(low(value, rest), rest)
  }

  /** Exp-Golomb of this order: 0 to 2³¹, of which those below 2^order take order + 1 bits and each doubling from there two more. */
  golomb(value: number, order: number): void {
    const shifted = value + (1 << order)
    const length = TOP_BIT + 1 - Math.clz32(shifted)
    const zeros = length - 1 - order
    if (zeros + length <= CHUNK) this.#put(shifted, zeros + length)
    else {
      this.bits(0, zeros)
      this.bits(shifted, length)
    }
  }

  /** Fills the last byte up with zeros. */
  end(): void {
    if (this.#count > 0) this.#put(0, BYTE - this.#count)
  }

  #put(value: number, count: number): void {
    this.#waiting = (this.#waiting << count) | value
    this.#count += count
    while (this.#count >= BYTE) {
      this.#count -= BYTE
      this.#bytes.u8((this.#waiting >>> this.#count) & 0xff)
    }
    this.#waiting &= 0xff
  }
}

function low(value: number, count: number): number {
  return value & ((1 << count) - 1)
}

/** Reads what a BitWriter wrote, from where the bytes stand; throws INVALID_INPUT rather than read past their end. */
export class BitReader {
  readonly #bytes: ByteReader
  #byte = 0
  #count = 0

  constructor(bytes: ByteReader) {
    this.#bytes = bytes
  }

  flag(): boolean {
    if (this.#count === 0) {
      this.#byte = this.#bytes.u8()
      this.#count = BYTE
    }
    this.#count--
    return ((this.#byte >>> this.#count) & 1) === 1
  }

  bits(count: number): number {
    let value = 0
    for (let read = 0; read < count; read++) value = value * 2 + (this.flag() ? 1 : 0)
    return value
  }

  golomb(order: number): number {
    let length = order
    while (!this.flag()) if (++length > TOP_BIT) throw malformed('a number is too long')
    return 2 ** length - 2 ** order + this.bits(length)
  }

  /** What fills the last byte up says nothing, so it is zeros; no byte comes behind it. */
  end(): void {
    while (this.#count > 0) if (this.flag()) throw malformed('it has bits after its end')
    if (this.#bytes.left > 0) throw malformed('it has bytes after its end')
  }
}
