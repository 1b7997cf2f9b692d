import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { core } from '@meydan/contracts/core'
import type { Subprotocol } from '@meydan/contracts/socket'
import { memoryTopics } from '@meydan/drivers/memory'
import { systemClock } from '@meydan/kernel/time'
import { type WebSocket, WebSocketServer } from 'ws'
import { SocketConnection } from '../socket/connection.ts'
import { WriteTurn } from '../socket/writer.ts'

/** The stream beneath a WebSocket whose reader can be told to stop. Remembers each write as the kernel would get it. */
export class Line extends Duplex {
  readonly writes: Buffer[] = []
  #stalled = false
  #waiting: (() => void) | undefined

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#take(chunk, done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#take(Buffer.concat(chunks.map(({ chunk }) => chunk)), done)
  }

  stall(): void {
    this.#stalled = true
  }

  go(): void {
    this.#stalled = false
    this.#waiting?.()
    this.#waiting = undefined
  }

  #take(bytes: Buffer, done: () => void): void {
    this.writes.push(bytes)
    if (this.#stalled) this.#waiting = done
    else done()
  }

  /** What was written since the handshake, frame by frame. */
  frames(): WireFrame[] {
    return parseFrames(Buffer.concat(this.writes.slice(1)))
  }
}

interface WireFrame {
  readonly first: number
  readonly payload: Buffer
}

/** A reader of server frames of its own, so that a mistake in ours is not made twice (RFC 6455 §5.2). */
function parseFrames(bytes: Buffer): WireFrame[] {
  const frames: WireFrame[] = []
  let at = 0
  while (at < bytes.length) {
    const first = bytes.readUInt8(at)
    const marked = bytes.readUInt8(at + 1)
    const [length, head] =
      marked === 127
        ? [Number(bytes.readBigUInt64BE(at + 2)), 10]
        : marked === 126
          ? [bytes.readUInt16BE(at + 2), 4]
          : [marked, 2]
    frames.push({ first, payload: bytes.subarray(at + head, at + head + length) })
    at += head + length
  }
  return frames
}

export interface OpenLine {
  readonly line: Line
  readonly connection: SocketConnection
  readonly socket: WebSocket
}

/** A connection of the socket door, with the real `ws`, over a line. Lines with one `turn` are those of one door. */
export function openLine(protocol: Subprotocol = 'meydan.v2.json', turn = new WriteTurn()): OpenLine {
  const line = new Line()
  const request = new IncomingMessage(new Socket())
  request.method = 'GET'
  request.url = '/v1/socket'
  request.headers = {
    upgrade: 'websocket',
    'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    'sec-websocket-version': '13',
    'sec-websocket-extensions': 'permessage-deflate',
  }
  const edge = {
    contracts: [],
    dispatch: async () => ({}),
    verify: async () => {
      throw core.UNAUTHENTICATED()
    },
    rooms: {
      attach: async () => {
        throw core.NOT_FOUND()
      },
      spectate: async () => {
        throw core.NOT_FOUND()
      },
    },
    topics: memoryTopics(systemClock, quietLog),
    clock: systemClock,
    log: quietLog,
    metrics: quietMetrics,
    trustProxy: false,
  }
  const exchange = {
    edge,
    greet: async () => {},
    frame: () => {},
    roomFrame: () => {},
    keepPresent: () => {},
    gone: () => {},
  }
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  let opened: OpenLine | undefined
  server.handleUpgrade(request, line, Buffer.alloc(0), (socket) => {
    const parts = { id: 1, socket, stream: line, turn, protocol, address: '', userAgent: '', exchange }
    opened = { line, connection: new SocketConnection(parts), socket }
  })
  if (!opened) throw new Error('the upgrade did not happen at once')
  return opened
}

/** The end of this turn of the event loop, when what waits is written. */
export const turnEnd = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
