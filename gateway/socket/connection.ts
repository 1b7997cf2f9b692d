import type { Duplex } from 'node:stream'
import { core, Fault } from '@meydan/contracts/core'
import { CLOSE, type DownFrame, type Subprotocol, type UpFrame } from '@meydan/contracts/socket'
import type { Codec, Connection, Session, SharedFrame } from '@meydan/realtime/hub'
import { WebSocket } from 'ws'
import { Bucket } from './bucket.ts'
import { CODECS } from './codec.ts'
import { BadFrame, decodeFrame } from './decode.ts'
import type { Exchange } from './exchange.ts'
import { binaryFrame } from './framing.ts'
import { isRoomFrame } from './rooms.ts'
import { FrameWriter, type WriteTurn } from './writer.ts'

/** Unsent bytes beyond which room frames are dropped, and beyond which the reader is too slow to keep (S20). */
export const BACKLOG_DROP_BYTES = 256 * 1024
export const BACKLOG_CLOSE_BYTES = 1024 * 1024
/** How long a reader that is too slow may take to read that it was; what waits for it is let go then. */
const SLOW_CLOSE_MS = 2_000
/** Bad frames: a few are mistakes, a burst is an attack or a broken client (S12). */
const BAD_FRAMES_PER_S = 0.5
const BAD_FRAMES_BURST = 10
/** A player sends an input a tick, about 67 a second. */
const FRAMES_PER_S = 150
const FRAMES_BURST = 300
const HELLO_MS_MAX = 5_000
const REASON_BYTES_MAX = 123

export interface ConnectionOptions {
  readonly id: number
  readonly socket: WebSocket
  /** The stream beneath `socket`. */
  readonly stream: Duplex
  readonly turn: WriteTurn
  readonly protocol: Subprotocol
  readonly address: string
  readonly userAgent: string
  readonly exchange: Exchange
}

/** One WebSocket: reads frames, answers them, and carries its session's events for as long as it lives. */
export class SocketConnection implements Connection {
  readonly id: number
  readonly address: string
  readonly userAgent: string
  session: Session | undefined
  /** Set by a pong or any frame, cleared by a ping. */
  alive = true
  /** With how many its player was said to be present. */
  beats = 0

  readonly #socket: WebSocket
  readonly #writer: FrameWriter
  readonly #protocol: Subprotocol
  readonly #codec: Codec
  readonly #exchange: Exchange
  readonly #frames: Bucket
  readonly #badFrames: Bucket
  /** Let go of when it is not needed any more: of what a socket holds that only listens, a timer is much. */
  #helloTimer: NodeJS.Timeout | undefined
  #cutOffTimer: NodeJS.Timeout | undefined
  #greeting = false
  #calls: Set<number> | undefined

  constructor(options: ConnectionOptions) {
    this.id = options.id
    this.address = options.address
    this.userAgent = options.userAgent
    this.#socket = options.socket
    this.#writer = new FrameWriter(options.stream, options.turn)
    this.#protocol = options.protocol
    this.#codec = CODECS[options.protocol]
    this.#exchange = options.exchange
    const { clock } = options.exchange.edge
    this.#frames = new Bucket(clock, FRAMES_PER_S, FRAMES_BURST)
    this.#badFrames = new Bucket(clock, BAD_FRAMES_PER_S, BAD_FRAMES_BURST)
    this.#helloTimer = setTimeout(() => this.close(CLOSE.helloExpected, 'no hello in time'), HELLO_MS_MAX)
    options.socket.on('message', (data, isBinary) => this.#receive(asBuffer(data), isBinary))
    options.socket.on('pong', () => {
      this.alive = true
    })
    options.socket.on('close', () => this.#closed())
    // Protocol errors of ws (a frame too large, bad UTF-8): it closes the socket by itself with the right code.
    options.socket.on('error', (error) => options.exchange.edge.log.debug({ err: error }, 'a socket failed'))
  }

  /** Ids of the calls that are open. Made for the first: most sockets of a community listen and never call. */
  get calls(): Set<number> {
    this.#calls ??= new Set()
    return this.#calls
  }

  /** Whether frames can still be written: not while it closes, which may take its time. */
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN
  }

  ping(): void {
    this.alive = false
    this.#socket.ping()
  }

  send(frame: DownFrame): void {
    this.#write(this.#codec.encode(frame))
  }

  answer(id: number, out: unknown): void {
    this.#write(this.#codec.encode({ id, out }), 'soon')
  }

  refuse(id: number | undefined, error: unknown, traceId?: string): void {
    const fault = error instanceof Fault ? error : core.INTERNAL({ cause: error })
    if (fault !== error) this.#exchange.edge.log.error({ err: error, traceId }, 'a frame could not be answered')
    this.#write(this.#codec.encode({ ...(id !== undefined && { id }), error: fault.body(traceId) }), 'soon')
  }

  event(frame: SharedFrame): void {
    this.#write(frame.bytes(this.#codec))
  }

  room(bytes: Uint8Array): void {
    if (!this.isOpen || this.#writer.unsentBytes > BACKLOG_DROP_BYTES) return
    this.#writer.writeAlone(binaryFrame(bytes))
  }

  badRoomFrame(fault: Fault): void {
    this.#bad(new BadFrame(fault, undefined))
  }

  close(code: number, reason: string): void {
    this.#stopWaiting()
    this.#socket.close(code, Buffer.from(reason).subarray(0, REASON_BYTES_MAX).toString())
    // A peer that does not answer the close is cut off by ws after its own timeout. One that is gone need not be waited for, and one that
    // is slow must not hold memory so long.
    if (code === CLOSE.heartbeat) this.#socket.terminate()
    if (code === CLOSE.slow) this.#cutOffTimer ??= setTimeout(() => this.#socket.terminate(), SLOW_CLOSE_MS)
  }

  #write(framed: Buffer, when: 'soon' | 'in turn' = 'in turn'): void {
    if (!this.isOpen) return
    if (when === 'soon') this.#writer.writeSoon(framed)
    else this.#writer.write(framed)
    if (this.#writer.unsentBytes > BACKLOG_CLOSE_BYTES) this.close(CLOSE.slow, 'reads too slowly')
  }

  #receive(data: Buffer, isBinary: boolean): void {
    // What still comes in while the connection closes could not be answered any more.
    if (!this.isOpen) return
    this.alive = true
    if (!this.#frames.take()) {
      this.#bad(new BadFrame(core.RATE_LIMITED({ message: `At most ${FRAMES_PER_S} frames a second.` }), undefined))
      return
    }
    try {
      if (isBinary && isRoomFrame(data)) this.#exchange.roomFrame(this, data)
      else this.#take(decodeFrame(this.#protocol, data, isBinary))
    } catch (error) {
      if (error instanceof BadFrame) this.#bad(error)
      else if (error instanceof Fault) this.#bad(new BadFrame(error, undefined))
      else this.refuse(undefined, error)
    }
  }

  #take(frame: UpFrame): void {
    const greets = 'hello' in frame || 'resume' in frame
    if (greets === (this.session !== undefined || this.#greeting)) {
      const expected = greets ? 'The session has begun already.' : 'The first frame is hello or resume.'
      if (!greets) this.close(CLOSE.helloExpected, expected)
      else this.#bad(new BadFrame(core.INVALID_INPUT({ message: expected }), undefined))
      return
    }
    if (!greets) {
      this.#exchange.frame(this, frame)
      return
    }
    this.#greeting = true
    this.#stopWaiting()
    this.#exchange.greet(this, frame).catch((error: unknown) => {
      this.refuse(undefined, error)
      const isRefused = error instanceof Fault && error.status === 401
      this.close(isRefused ? CLOSE.unauthenticated : CLOSE.unavailable, isRefused ? error.message : 'no session now')
    })
  }

  /** One error for one bad frame, and the end after a burst of them. */
  #bad({ fault, callId }: BadFrame): void {
    this.refuse(callId, fault)
    if (!this.#badFrames.take()) this.close(CLOSE.badFrames, 'too many bad frames')
  }

  #stopWaiting(): void {
    clearTimeout(this.#helloTimer)
    this.#helloTimer = undefined
  }

  #closed(): void {
    this.#stopWaiting()
    clearTimeout(this.#cutOffTimer)
    this.session?.disconnect(this.id)
    this.#exchange.gone(this)
  }
}

function asBuffer(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
