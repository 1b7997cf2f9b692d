import { inputSeqOf, setInputSeq } from '@meydan/contracts/wire'

/**
 * Snapshots of one turn of the event loop on their way to one gateway, as one message: for each a header (u32 line, u16 number of the last
 * input, u32 length) and its bytes. A length of 0 says that the bytes are those of the snapshot before, but for that number: players with the
 * same baselines share them.
 */
const HEADER_BYTES = 10
const FIRST_BYTES = 16 * 1024

export class FrameBatch {
  readonly #kind: number
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)
  #length = 1
  #last: Uint8Array | undefined

  /** `kind` is the first byte of the message. */
  constructor(kind: number) {
    this.#kind = kind
  }

  get isEmpty(): boolean {
    return this.#length === 1
  }

  /** The same array added again in a row stands for the same bytes, but for the number of the last input. */
  add(line: number, frame: Uint8Array): void {
    const length = frame === this.#last ? 0 : frame.length
    this.#last = frame
    this.#grow(HEADER_BYTES + length)
    this.#bytes.writeUInt32BE(line, this.#length)
    this.#bytes.writeUInt16BE(inputSeqOf(frame), this.#length + 4)
    this.#bytes.writeUInt32BE(length, this.#length + 6)
    this.#length += HEADER_BYTES
    if (length === 0) return
    this.#bytes.set(frame, this.#length)
    this.#length += length
  }

  /** The message, and a new batch begins. */
  take(): Buffer {
    const message = Buffer.allocUnsafe(this.#length)
    this.#bytes.copy(message, 0, 0, this.#length)
    message[0] = this.#kind
    this.#length = 1
    this.#last = undefined
    return message
  }

  #grow(by: number): void {
    if (this.#length + by <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + by))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
}

/** Hands each snapshot of a message on; it is lent for the call. Throws a RangeError for a message that is cut short. */
export function readBatch(message: Buffer, take: (line: number, frame: Uint8Array) => void): void {
  let at = 1
  let frame: Buffer | undefined
  while (at < message.length) {
    const line = message.readUInt32BE(at)
    const inputSeq = message.readUInt16BE(at + 4)
    const length = message.readUInt32BE(at + 6)
    at += HEADER_BYTES
    if (at + length > message.length) throw new RangeError('a batch of frames is cut short')
    if (length > 0) frame = message.subarray(at, at + length)
    if (!frame) throw new RangeError('a batch begins with bytes')
    at += length
    setInputSeq(frame, inputSeq)
    take(line, frame)
  }
}
