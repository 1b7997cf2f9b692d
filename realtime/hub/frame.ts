import type { DownFrame, Subprotocol } from '@meydan/contracts/socket'
import { Packr } from 'msgpackr'

const packr = new Packr({ useRecords: false, variableMapSize: true })

export function encodeFrame(protocol: Subprotocol, frame: DownFrame): Buffer {
  return protocol === 'meydan.v1.json' ? Buffer.from(JSON.stringify(frame)) : Buffer.from(packr.pack(frame))
}

/** One frame for many sockets: encoded once per codec, when the first socket of that codec asks. */
export class SharedFrame {
  readonly #frame: DownFrame
  readonly #encoded = new Map<Subprotocol, Buffer>()

  constructor(frame: DownFrame) {
    this.#frame = frame
  }

  /** The same buffer each time: do not write to it. */
  bytes(protocol: Subprotocol): Buffer {
    let bytes = this.#encoded.get(protocol)
    if (!bytes) {
      bytes = encodeFrame(protocol, this.#frame)
      this.#encoded.set(protocol, bytes)
    }
    return bytes
  }
}
