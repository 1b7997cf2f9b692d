import type { Duplex } from 'node:stream'

/** What waits in one socket beyond this is handed to the kernel before the turn ends, so that a burst does not look like a slow reader. */
export const TURN_BYTES_MAX = 64 * 1024

/** Sockets that are written to before the event loop reads again: some five milliseconds. An event for thousands takes a tenth of a second. */
export const TURN_WRITES_MAX = 256

/**
 * Writes frames that are framed already, straight to the stream beneath a WebSocket. All that a socket is given in one turn of the event
 * loop leaves in one write at the turn's end, answers before events; only a snapshot does not wait for it.
 *
 * Why that is safe beside `ws`, which owns the same stream: without permessage-deflate and Blobs its sender keeps no queue and writes each
 * frame of its own (ping, pong, close) whole and at once, so frames leave in the order in which they were written, whoever wrote them. The
 * caller keeps the one rule that is left: nothing after the close frame (RFC 6455 §5.5.1). `gateway/tests/writing.test.ts` holds `ws` to it.
 */
export class FrameWriter {
  readonly #stream: Duplex
  readonly #turn: WriteTurn
  #corked = false
  #isSoon = false

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
    if (!this.#corked) this.#turn.add(this)
    this.#put(framed)
  }

  /** For what somebody waits for: when many sockets are written to, this one is among the first. */
  writeSoon(framed: Buffer): void {
    if (!this.#isSoon) this.#turn.addFirst(this)
    this.#isSoon = true
    this.#put(framed)
  }

  #put(framed: Buffer): void {
    if (!this.#corked) this.#stream.cork()
    this.#corked = true
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

  /** For the turn, which may come to it twice. */
  flush(): void {
    if (!this.#corked) return
    this.#corked = false
    this.#isSoon = false
    this.#stream.uncork()
  }
}

/** The sockets that were written to and have not been flushed. Those with answers all leave at the turn's end, of the others so many a turn. */
export class WriteTurn {
  #first: FrameWriter[] = []
  #others: FrameWriter[] = []
  #isSet = false

  addFirst(writer: FrameWriter): void {
    this.#first.push(writer)
    this.#set()
  }

  add(writer: FrameWriter): void {
    this.#others.push(writer)
    this.#set()
  }

  #set(): void {
    if (this.#isSet) return
    this.#isSet = true
    setImmediate(() => this.#end())
  }

  #end(): void {
    this.#isSet = false
    const now = this.#first.concat(this.#others.splice(0, TURN_WRITES_MAX))
    this.#first = []
    for (const writer of now) writer.flush()
    if (this.#others.length > 0) this.#set()
  }
}
