import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { core, Fault } from '@meydan/contracts/core'
import { bearer, type ServiceTokens } from '@meydan/kernel/rpc'
import type { Log, Metrics } from '@meydan/kernel/telemetry'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Attachment, AttachRequest, RoomEngine, RoomSink } from '../rooms/index.ts'
import { FrameBatch } from './batch.ts'
import {
  type Asked,
  type Down,
  type Entering,
  INPUT_HEADER_BYTES,
  KIND,
  LINE_AUDIENCE,
  LINE_PATH,
  LINE_VERSION,
  toldFault,
  Up,
  VERSION_HEADER,
} from './messages.ts'

/** What of an engine others reach over lines. */
export type HostedRooms = Pick<RoomEngine, 'attach' | 'spectate' | 'seat' | 'leave' | 'describe' | 'watchable'>

export interface RoomHostOptions {
  readonly rooms: HostedRooms
  readonly tokens: Pick<ServiceTokens, 'verify'>
  readonly log: Log
  readonly metrics: Metrics
}

/** The rooms of this process, for the gateways of others. */
export interface RoomHost {
  /** Takes a request to upgrade over if it is for rooms; false when it is not. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean
  close(): void
}

const MESSAGE_BYTES_MAX = 1024 * 1024
/** A gateway that is this far behind loses snapshots, of which the next makes up for the last. */
const BACKLOG_DROP_BYTES = 4 * 1024 * 1024
/** Events are never lost: a gateway that is so far behind is cut off, and attaches anew. */
const BACKLOG_CUT_BYTES = 32 * 1024 * 1024

export function roomHost({ rooms, tokens, log, metrics }: RoomHostOptions): RoomHost {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false })
  metrics.observe(
    'meydan_room_gateways',
    'Gateways that hold lines into rooms of this process',
    () => sockets.clients.size,
  )
  const dropped = metrics.counter('meydan_room_frames_dropped_total', 'Snapshots lost on the way to a slow gateway')
  sockets.on('connection', (socket: WebSocket) => new Hosted(socket, rooms, log, dropped))

  const admit = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    try {
      if (request.headers[VERSION_HEADER] !== String(LINE_VERSION)) throw core.VERSION_MISMATCH()
      await tokens.verify(bearer(request), LINE_AUDIENCE)
    } catch (error) {
      refuse(socket, error instanceof Fault ? error : core.INTERNAL({ cause: error }))
      return
    }
    sockets.handleUpgrade(request, socket, head, (upgraded) => sockets.emit('connection', upgraded))
  }

  return {
    upgrade(request, socket, head) {
      if (request.url !== LINE_PATH) return false
      void admit(request, socket, head)
      return true
    },
    close() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

function refuse(socket: Duplex, { status, code }: Fault): void {
  socket.end(`HTTP/1.1 ${status} ${code}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
}

/** One gateway's lines. */
class Hosted {
  readonly #socket: WebSocket
  readonly #rooms: HostedRooms
  readonly #log: Log
  readonly #dropped: (count: number) => void
  readonly #attached = new Map<number, Attachment>()
  readonly #batch = new FrameBatch(KIND.snapshots)
  #batched = 0
  #leaving = false

  constructor(socket: WebSocket, rooms: HostedRooms, log: Log, dropped: (count: number) => void) {
    this.#socket = socket
    this.#rooms = rooms
    this.#log = log
    this.#dropped = dropped
    socket.on('message', (data: Buffer, isBinary: boolean) => this.#receive(data, isBinary))
    socket.on('close', () => this.#closed())
    socket.on('error', (error) => log.debug({ err: error }, 'a line of a gateway failed'))
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.#input(data)
      return
    }
    let message: Up
    try {
      message = Up.parse(JSON.parse(data.toString()))
    } catch (error) {
      this.#log.error({ err: error }, 'a gateway sent what is no message')
      this.#socket.terminate()
      return
    }
    if ('detach' in message) this.#detach(message.detach)
    else void this.#answer(message.id, message.ask)
  }

  #input(data: Buffer): void {
    if (data[0] !== KIND.input || data.length < INPUT_HEADER_BYTES) return
    const line = data.readUInt32BE(1)
    try {
      this.#attached.get(line)?.input(data.subarray(INPUT_HEADER_BYTES))
    } catch (error) {
      this.#say({ line, refused: toldFault(asFault(error, this.#log)) })
    }
  }

  async #answer(id: number, ask: Asked): Promise<void> {
    try {
      this.#say({ id, out: (await this.#do(ask)) ?? null })
    } catch (error) {
      this.#say({ id, error: toldFault(asFault(error, this.#log)) })
    }
  }

  async #do(ask: Asked): Promise<unknown> {
    if ('attach' in ask) return this.#enter(ask.attach, (request) => this.#rooms.attach(request))
    if ('spectate' in ask) return this.#enter(ask.spectate, (request) => this.#rooms.spectate(request))
    if ('seat' in ask) return this.#rooms.seat(ask.seat.roomId, ask.seat.seat)
    if ('leave' in ask) return this.#rooms.leave(ask.leave.roomId, ask.leave.playerId)
    if ('watchable' in ask) return this.#rooms.watchable(ask.watchable.game)
    return this.#rooms.describe(ask.describe.roomId)
  }

  async #enter(
    { line, ...entering }: Entering,
    enter: (request: AttachRequest) => Promise<Attachment>,
  ): Promise<unknown> {
    const attachment = await enter({ ...entering, sink: this.#sink(line) })
    // The gateway hung up meanwhile, and nobody would let go of the place.
    if (this.#socket.readyState !== this.#socket.OPEN) attachment.detach()
    else this.#attached.set(line, attachment)
    return attachment.joined
  }

  #sink(line: number): RoomSink {
    return {
      frame: (bytes) => this.#frame(line, bytes),
      event: (event, seq) => this.#say({ line, event, seq }),
      closed: (reason) => {
        this.#attached.delete(line)
        this.#say({ line, closed: reason })
      },
    }
  }

  /** All snapshots of one turn leave as one message. */
  #frame(line: number, bytes: Uint8Array): void {
    this.#batch.add(line, bytes)
    this.#batched++
    if (this.#leaving) return
    this.#leaving = true
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#leaving = false
    if (this.#batch.isEmpty) return
    const message = this.#batch.take()
    if (this.#socket.bufferedAmount > BACKLOG_DROP_BYTES) this.#dropped(this.#batched)
    else this.#socket.send(message)
    this.#batched = 0
  }

  /** Whatever is said comes after the snapshots before it. */
  #say(message: Down): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    this.#flush()
    this.#socket.send(JSON.stringify(message))
    if (this.#socket.bufferedAmount > BACKLOG_CUT_BYTES) this.#socket.terminate()
  }

  #detach(line: number): void {
    this.#attached.get(line)?.detach()
    this.#attached.delete(line)
  }

  #closed(): void {
    for (const attachment of this.#attached.values()) attachment.detach()
    this.#attached.clear()
  }
}

function asFault(error: unknown, log: Log): Fault {
  if (error instanceof Fault) return error
  log.error({ err: error }, 'a room could not answer')
  return core.INTERNAL({ cause: error })
}
