import type { Duplex } from 'node:stream'

/** What waits in one socket beyond this is handed to the kernel before the turn ends, so that a burst does not look like a slow reader. */
export const TURN_BYTES_MAX = 64 * 1024

/**
 * Writes frames that are framed already, straight to the stream beneath a WebSocket. All that a socket is given in one turn of the event
 * loop leaves in one write at the turn's end; only a snapshot does not wait for it.
 *
 * Why that is safe beside `ws`, which owns the same stream: without permessage-deflate and Blobs its sender keeps no queue and writes each
 * frame of its own (ping, pong, close) whole and at once, so frames leave in the order in which they were written, whoever wrote them. The
 * caller keeps the one rule that is left: nothing after the close frame (RFC 6455 §5.5.1). `gateway/tests/writing.test.ts` holds `ws` to it.
 */
export class FrameWriter {
  readonly #stream: Duplex
  readonly #turn: WriteTurn
  #corked = false

  constructor(stream: Duplex, turn: WriteTurn) {
    this.#stream = stream
    this.#turn = turn
  }

  /** Bytes that the kernel has not taken yet. */
  get unsentBytes(): number {
    return this.#stream.writableLength
  }

  /** `framed` may be shared with other sockets. */
  write(framed: Buffer): void {
    if (!this.#corked) {
      this.#corked = true
      this.#stream.cork()
      this.#turn.add(this)
    }
    this.#stream.write(framed)
    if (this.#stream.writableLength >= TURN_BYTES_MAX) {
      this.#stream.uncork()
      this.#stream.cork()
    }
  }

  /**
   * For a frame that is the only one of its turn, as a snapshot mostly is: it leaves at once, which costs less than to wait for others. Behind
   * those that wait already it keeps its place.
   */
  writeAlone(framed: Buffer): void {
    if (this.#corked) this.write(framed)
    else this.#stream.write(framed)
  }

  /** For the turn. */
  flush(): void {
    this.#corked = false
    this.#stream.uncork()
  }
}

/** The sockets that were written to in this turn of the event loop. */
export class WriteTurn {
  #writers: FrameWriter[] = []

  add(writer: FrameWriter): void {
    if (this.#writers.push(writer) === 1) setImmediate(() => this.#end())
  }

  #end(): void {
    const writers = this.#writers
    this.#writers = []
    for (const writer of writers) writer.flush()
  }
}
