import type { DownFrame } from '@meydan/contracts/socket'

/** How a door writes frames: encoded and framed, ready for a socket. One object for each codec of a door, for as long as the process runs. */
export interface Codec {
  encode(frame: DownFrame): Buffer
}

/** One event for many sockets: encoded and framed once per codec, when the first socket of that codec asks. */
export class SharedFrame {
  /** When it came, on the monotonic clock. */
  readonly atMs: number
  readonly #frame: DownFrame
  readonly #encoded = new Map<Codec, Buffer>()

  constructor(frame: DownFrame, atMs: number) {
    this.#frame = frame
    this.atMs = atMs
  }

  /** The same buffer each time: do not write to it. */
  bytes(codec: Codec): Buffer {
    let bytes = this.#encoded.get(codec)
    if (!bytes) {
      bytes = codec.encode(this.#frame)
      this.#encoded.set(codec, bytes)
    }
    return bytes
  }
}
