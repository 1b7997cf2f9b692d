import type { Random } from '@meydan/contracts/core'

/** What one direction of a link does to a TCP stream. */
export interface StreamShape {
  /** A segment's way takes this long, and up to `jitterMs` more or less, evenly. */
  readonly delayMs: number
  readonly jitterMs: number
  /** The share of segments that are lost on the way, and sent again by TCP. */
  readonly loss: number
  readonly bytesPerS: number
}

export const CLEAR: StreamShape = { delayMs: 0, jitterMs: 0, loss: 0, bytesPerS: Number.POSITIVE_INFINITY }

/** What fits one Ethernet frame. */
const SEGMENT_BYTES_MAX = 1_460
/**
 * Linux adds at least this to the smoothed round trip before it takes a segment for lost (TCP_RTO_MIN; RFC 6298 would have it wait a
 * second), and waits twice as long each time after that.
 */
const RTO_MIN_MS = 200
/** RACK (RFC 8985) lets segments be overtaken for a quarter of a round trip before it takes them for lost. */
const REORDERING = 1.25

interface Segment {
  readonly bytes: Buffer
  readonly wayMs: number
  /** What further losses of it, sent again, cost. */
  readonly againMs: number
  atMs: number
  isLost: boolean
}

/**
 * One direction of a TCP connection over a bad link, in bytes and moments and without a clock of its own. TCP loses nothing and keeps
 * the order: what a lossy link does to it is delay. A lost segment comes when the sender has found out and has sent it again, and all
 * behind it wait: by RACK, a round trip and a quarter after the next segment went out, or by its timer when nothing follows.
 */
export class Stream {
  shape: StreamShape
  /** Segments that were lost and sent again. */
  lost = 0

  readonly #random: Random
  #segments: Segment[] = []
  #backlogBytes = 0
  #departedMs = 0
  #heldUntilMs = 0

  constructor(shape: StreamShape, random: Random) {
    this.shape = shape
    this.#random = random
  }

  get backlogBytes(): number {
    return this.#backlogBytes
  }

  /** When the next bytes arrive; undefined while nothing is under way. */
  get nextAtMs(): number | undefined {
    const [first] = this.#segments
    return first && Math.max(first.atMs, this.#heldUntilMs)
  }

  /** Bytes leave one end. `roundTripMs` is the link's. */
  send(bytes: Buffer, nowMs: number, roundTripMs: number): void {
    for (let from = 0; from < bytes.length; from += SEGMENT_BYTES_MAX) {
      this.#sendSegment(bytes.subarray(from, from + SEGMENT_BYTES_MAX), nowMs, roundTripMs)
    }
  }

  /** What has arrived by now, in order. */
  arrived(nowMs: number): Buffer[] {
    if (nowMs < this.#heldUntilMs) return []
    const out: Buffer[] = []
    for (let first = this.#segments[0]; first && first.atMs <= nowMs; first = this.#segments[0]) {
      this.#segments.shift()
      this.#backlogBytes -= first.bytes.length
      out.push(first.bytes)
    }
    return out
  }

  /** Nothing arrives for so long, as in a lift. TCP tries again ever more seldom, so it is longer until it has noticed the end. */
  hold(nowMs: number, forMs: number, roundTripMs: number): void {
    let triedMs = 0
    for (let waitMs = roundTripMs + RTO_MIN_MS; triedMs < forMs; waitMs *= 2) triedMs += waitMs
    this.#heldUntilMs = Math.max(this.#heldUntilMs, nowMs + triedMs)
  }

  #sendSegment(bytes: Buffer, nowMs: number, roundTripMs: number): void {
    const { delayMs, jitterMs, loss, bytesPerS } = this.shape
    const wayMs = delayMs + (2 * this.#random.float() - 1) * jitterMs
    this.#departedMs = Math.max(this.#departedMs, nowMs) + (bytes.length / bytesPerS) * 1_000
    const sentMs = this.#departedMs
    this.#foundOut(sentMs, roundTripMs)
    const triesMs: number[] = []
    for (let waitMs = roundTripMs + RTO_MIN_MS; this.#random.float() < loss; waitMs *= 2) triesMs.push(waitMs)
    this.lost += triesMs.length
    const [firstMs = 0, ...more] = triesMs
    const againMs = more.reduce((sum, each) => sum + each, 0)
    const atMs = sentMs + firstMs + againMs + wayMs
    this.#segments.push({ bytes, wayMs, againMs, atMs, isLost: triesMs.length > 0 })
    this.#backlogBytes += bytes.length
  }

  /** The acknowledgement of a segment that leaves now tells of those before it that were lost. */
  #foundOut(sentMs: number, roundTripMs: number): void {
    for (const segment of this.#segments) {
      if (!segment.isLost) continue
      segment.isLost = false
      segment.atMs = Math.min(segment.atMs, sentMs + REORDERING * roundTripMs + segment.againMs + segment.wayMs)
    }
  }
}
