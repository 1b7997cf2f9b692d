import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Tokens } from '@meydan/contracts/identity'
import { MATCH_FOUND } from '@meydan/contracts/matchmaking'
import { Joined } from '@meydan/contracts/socket'
import {
  InputCodec,
  type InputFrame,
  NO_TICK,
  ROOM_FRAME,
  type Snapshot,
  SnapshotDecoder,
  snapshotHead,
} from '@meydan/contracts/wire'
import { arena } from '@meydan/games/arena'
import { z } from 'zod'

type ArenaCodec = InputCodec<typeof arena.inputLayout>

const FIN_TEXT = 0x81
const FIN_BINARY = 0x82
const OPCODE = 0x0f
const OPCODE_CLOSE = 0x08
const MASKED = 0x80
const HEADER_END = '\r\n\r\n'

const MatchFound = z.object({ roomId: z.string() })

/** Signs a new guest in, and gives the access token. */
export async function guestToken(url: string, displayName: string): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/v1/identity/guest`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ displayName }),
  })
  return Tokens.parse(await answer.json()).accessToken
}

/** A WebSocket by hand (RFC 6455), over a TCP socket of its own: it reads when it likes, and says what it likes. */
export class Bare {
  readonly socket: Socket
  readonly codec: ArenaCodec = new InputCodec(arena.inputLayout)
  readonly decoder = new SnapshotDecoder(arena.viewLayout)
  /** Control frames that came, parsed. */
  readonly frames: Record<string, unknown>[] = []
  readonly heard = { roomFrames: 0, roomBytes: 0, wholes: 0, bytes: 0 }
  newest: Snapshot | undefined
  closeCode: number | undefined
  #unread = Buffer.alloc(0)
  #isOpen = false

  private constructor(socket: Socket) {
    this.socket = socket
  }

  /** Connects, and says hello with this access token. */
  static async open(url: string, token: string): Promise<Bare> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    const bare = new Bare(socket)
    // The server may reset it: what it was for is over then.
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes: Buffer) => bare.#take(bytes))
    const key = randomBytes(16).toString('base64')
    const lines = [
      'GET /v1/socket HTTP/1.1',
      `Host: ${hostname}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${key}`,
      'Sec-WebSocket-Protocol: meydan.v2.json',
    ]
    socket.write(lines.join('\r\n') + HEADER_END)
    bare.say({ hello: { token } })
    await bare.next((frame) => 'hello' in frame)
    return bare
  }

  /** A control frame. */
  say(frame: object): void {
    this.#write(FIN_TEXT, Buffer.from(JSON.stringify(frame)))
  }

  /** An input frame for the room with this handle; unless given, it says what is true. */
  play(handle: number, frame: Partial<InputFrame<typeof arena.inputLayout>>): void {
    const { ackTick } = this.decoder
    this.#write(FIN_BINARY, Buffer.from(this.codec.encode(handle, { ackTick, seq: 0, inputs: [], ...frame })))
  }

  /** Asks for a match, and takes the seat in it. */
  async playOn(): Promise<Joined> {
    this.say({ id: 1, call: 'matchmaking.ask' })
    const told = await this.next(({ event }) => event === MATCH_FOUND)
    return this.join(MatchFound.parse(told.data).roomId)
  }

  /** Takes the player's seat in a room. */
  async join(roomId: string): Promise<Joined> {
    this.say({ id: 2, join: roomId })
    return Joined.parse((await this.next(({ id }) => id === 2)).out)
  }

  /** The first frame, past or to come, that fits. */
  async next(fits: (frame: Record<string, unknown>) => boolean, withinMs = 5_000): Promise<Record<string, unknown>> {
    const untilMs = performance.now() + withinMs
    while (performance.now() < untilMs) {
      const found = this.frames.find(fits)
      if (found) return found
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error(`no such frame came; there were ${JSON.stringify(this.frames.slice(-5))}`)
  }

  /** Gives the player's seat in a room up. */
  async leave(roomId: string): Promise<void> {
    this.say({ id: 3, call: 'rooms.leave', in: { roomId } })
    await this.next(({ id }) => id === 3)
  }

  /** Reads one byte a second from now on, whatever comes. */
  readSlowly(): NodeJS.Timeout {
    this.socket.removeAllListeners('data')
    this.socket.pause()
    return setInterval(() => this.socket.read(1), 1_000)
  }

  close(): void {
    this.socket.destroy()
  }

  /** Masked with zeros, which a client may: the payload stands as it is. */
  #write(first: number, payload: Buffer): void {
    const isLong = payload.length > 125
    const head = Buffer.alloc(isLong ? 8 : 6)
    head[0] = first
    head[1] = MASKED | (isLong ? 126 : payload.length)
    if (isLong) head.writeUInt16BE(payload.length, 2)
    if (!this.socket.destroyed) this.socket.write(Buffer.concat([head, payload]))
  }

  #take(bytes: Buffer): void {
    this.heard.bytes += bytes.length
    this.#unread = Buffer.concat([this.#unread, bytes])
    if (!this.#isOpen) {
      const end = this.#unread.indexOf(HEADER_END)
      if (end < 0) return
      this.#isOpen = true
      this.#unread = this.#unread.subarray(end + HEADER_END.length)
    }
    for (let frame = this.#shift(); frame; frame = this.#shift()) this.#hear(frame.first, frame.payload)
  }

  #shift(): { first: number; payload: Buffer } | undefined {
    const bytes = this.#unread
    if (bytes.length < 2) return undefined
    const short = bytes.readUInt8(1)
    const head = short === 126 ? 4 : short === 127 ? 10 : 2
    if (bytes.length < head) return undefined
    const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
    if (bytes.length < head + length) return undefined
    this.#unread = bytes.subarray(head + length)
    return { first: bytes.readUInt8(0), payload: bytes.subarray(head, head + length) }
  }

  #hear(first: number, payload: Buffer): void {
    if (first === FIN_TEXT) this.frames.push(JSON.parse(payload.toString()))
    else if ((first & OPCODE) === OPCODE_CLOSE) this.closeCode = payload.readUInt16BE(0)
    else if (first === FIN_BINARY && payload[0] === ROOM_FRAME.snapshot) {
      this.heard.roomFrames++
      this.heard.roomBytes += payload.length
      if (snapshotHead(payload).baselineTick === NO_TICK) this.heard.wholes++
      this.newest = this.decoder.decode(payload) ?? this.newest
    }
  }
}
