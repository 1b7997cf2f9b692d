import { core, type GameEvent, type Id } from '@meydan/contracts/core'
import { Joined, Watching } from '@meydan/contracts/socket'
import { EDGE, type ServiceTokens } from '@meydan/kernel/rpc'
import type { Log } from '@meydan/kernel/telemetry'
import { WebSocket } from 'ws'
import { z } from 'zod'
import {
  type Attachment,
  type AttachRequest,
  LEASE_MS,
  type RoomDescription,
  type RoomSink,
  type SeatRequest,
} from '../rooms/index.ts'
import { readBatch } from './batch.ts'
import {
  type Asked,
  Down,
  type Entering,
  heardFault,
  INPUT_HEADER_BYTES,
  KIND,
  LINE_AUDIENCE,
  LINE_PATH,
  LINE_VERSION,
  type Up,
  VERSION_HEADER,
} from './messages.ts'

export interface RoomLineOptions {
  /** Of the rooms process: `http://10.0.0.7:4100`. */
  readonly address: string
  readonly tokens: Pick<ServiceTokens, 'issue'>
  readonly log: Log
  /** The line is gone, for good; a new one has to be opened. */
  readonly onDown: () => void
}

/** A place in a room of another process. `lost` is called instead of `closed` when the process can no longer be reached. */
export interface LineRequest extends AttachRequest {
  readonly lost: () => void
}

const CONNECT_MS_MAX = 1_000
const ANSWER_MS_MAX = 5_000
/** A process that is silent for so long stands still. Not sooner: its leases could not be had, and it would be dialled once more. */
const SILENT_MS_MAX = LEASE_MS
const PING_EVERY_MS = 500
/** What is lost of the time that a takeover has. */
const LOOK_EVERY_MS = 50

const Description = z.object({
  roomId: z.string(),
  game: z.string(),
  startedAtMs: z.number(),
  seats: Joined.shape.seats,
  watching: z.int(),
})

interface Waiting {
  readonly resolve: (out: unknown) => void
  readonly reject: (error: unknown) => void
}

/** The persistent connection to one rooms process: everything that this gateway's players have there goes over it. */
export class RoomLine {
  readonly #socket: WebSocket
  readonly #options: RoomLineOptions
  readonly #opened: Promise<void>
  readonly #waiting = new Map<number, Waiting>()
  readonly #places = new Map<number, { sink: RoomSink; lost: () => void }>()
  readonly #looking: NodeJS.Timeout
  #nextId = 0
  #nextLine = 0
  #heardMs = performance.now()
  #pingedMs = 0
  #isDown = false

  static async open(options: RoomLineOptions): Promise<RoomLine> {
    const token = await options.tokens.issue(EDGE, LINE_AUDIENCE)
    const line = new RoomLine(options, token)
    await line.#opened
    return line
  }

  private constructor(options: RoomLineOptions, token: string) {
    this.#options = options
    const url = new URL(LINE_PATH, options.address.replace(/^http/, 'ws'))
    const headers = { authorization: `Bearer ${token}`, [VERSION_HEADER]: String(LINE_VERSION) }
    this.#socket = new WebSocket(url, { headers, handshakeTimeout: CONNECT_MS_MAX, perMessageDeflate: false })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#opened = promise
    this.#socket.on('open', resolve)
    this.#socket.on('error', (error) => reject(unreachable(options.address, error)))
    this.#socket.on('message', (data: Buffer, isBinary: boolean) => this.#receive(data, isBinary))
    this.#socket.on('pong', () => {
      this.#heardMs = performance.now()
    })
    this.#socket.on('close', () => this.#down())
    this.#looking = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  async attach(request: LineRequest): Promise<Attachment<Joined>> {
    return this.#enter(request, (entering) => ({ attach: entering }), Joined)
  }

  async spectate(request: LineRequest): Promise<Attachment<Watching>> {
    return this.#enter(request, (entering) => ({ spectate: entering }), Watching)
  }

  async seat(roomId: Id, seat: SeatRequest): Promise<number> {
    return z.int().parse(await this.#ask({ seat: { roomId, seat: { ...seat } } }))
  }

  async leave(roomId: Id, playerId: Id): Promise<void> {
    await this.#ask({ leave: { roomId, playerId } })
  }

  async describe(roomId: Id): Promise<RoomDescription | null> {
    return Description.nullable().parse(await this.#ask({ describe: { roomId } }))
  }

  async watchable(game: string | undefined): Promise<RoomDescription[]> {
    const asked = { watchable: { ...(game !== undefined && { game }) } }
    return z.array(Description).parse(await this.#ask(asked))
  }

  close(): void {
    this.#socket.terminate()
  }

  async #enter<As extends Joined | Watching>(
    { sink, lost, ...request }: LineRequest,
    ask: (entering: Entering) => Asked,
    shape: z.ZodType<As>,
  ): Promise<Attachment<As>> {
    const line = this.#nextLine++
    this.#places.set(line, { sink, lost })
    try {
      const joined = shape.parse(await this.#ask(ask({ line, ...request })))
      return { joined, input: (bytes) => this.#input(line, bytes), detach: () => this.#detach(line) }
    } catch (error) {
      this.#places.delete(line)
      throw error
    }
  }

  #ask(ask: Asked): Promise<unknown> {
    const id = this.#nextId++
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    if (this.#isDown) return Promise.reject(unreachable(this.#options.address))
    const timer = setTimeout(() => reject(unreachable(this.#options.address)), ANSWER_MS_MAX)
    this.#waiting.set(id, { resolve, reject })
    this.#say({ id, ask })
    return promise.finally(() => {
      clearTimeout(timer)
      this.#waiting.delete(id)
    })
  }

  #say(message: Up): void {
    this.#socket.send(JSON.stringify(message))
  }

  #input(line: number, bytes: Uint8Array): void {
    if (this.#isDown || !this.#places.has(line)) return
    const message = Buffer.allocUnsafe(INPUT_HEADER_BYTES + bytes.length)
    message[0] = KIND.input
    message.writeUInt32BE(line, 1)
    message.set(bytes, INPUT_HEADER_BYTES)
    this.#socket.send(message)
  }

  #detach(line: number): void {
    if (this.#places.delete(line) && !this.#isDown) this.#say({ detach: line })
  }

  #receive(data: Buffer, isBinary: boolean): void {
    this.#heardMs = performance.now()
    try {
      if (isBinary) readBatch(data, (line, frame) => this.#places.get(line)?.sink.frame(frame))
      else this.#hear(Down.parse(JSON.parse(data.toString())))
    } catch (error) {
      this.#options.log.error({ err: error, address: this.#options.address }, 'a rooms process sent what is no message')
      this.close()
    }
  }

  #hear(message: Down): void {
    if ('id' in message) {
      const waiting = this.#waiting.get(message.id)
      if ('error' in message) waiting?.reject(heardFault(message.error))
      else waiting?.resolve(message.out)
      return
    }
    const place = this.#places.get(message.line)
    if ('event' in message) place?.sink.event(message.event as GameEvent, message.seq)
    else if ('refused' in message) place?.sink.refused?.(heardFault(message.refused))
    else {
      this.#places.delete(message.line)
      place?.sink.closed(message.closed)
    }
  }

  /** A process that stands still keeps its connection open. */
  #look(): void {
    const nowMs = performance.now()
    if (nowMs - this.#heardMs > SILENT_MS_MAX) this.close()
    else if (nowMs - this.#pingedMs >= PING_EVERY_MS && this.#socket.readyState === WebSocket.OPEN) {
      this.#pingedMs = nowMs
      this.#socket.ping()
    }
  }

  #down(): void {
    if (this.#isDown) return
    this.#isDown = true
    clearInterval(this.#looking)
    for (const { reject } of this.#waiting.values()) reject(unreachable(this.#options.address))
    this.#options.onDown()
    const places = [...this.#places.values()]
    this.#places.clear()
    for (const { lost } of places) lost()
  }
}

function unreachable(address: string, cause?: unknown) {
  return core.UNAVAILABLE({
    message: 'The process of that room cannot be reached.',
    retryAfterS: 1,
    cause: cause ?? new Error(address),
  })
}
