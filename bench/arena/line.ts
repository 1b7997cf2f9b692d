import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Bytes of all lines of this process, WebSocket included, TCP and what is beneath it not. */
export const traffic = { received: 0, sent: 0 }

/** A frame's payload lies in the chunk from `from` to `to`; `from - header` bytes before it are the frame's own. */
export type OnFrame = (chunk: Buffer, from: number, to: number, line: Line) => void

/**
 * A WebSocket's client side with next to nothing in it (RFC 6455), so that thousands fit one core beside what they send: frames are
 * found and handed on where they lie, and nothing is copied.
 */
export class Line {
  readonly #socket: Socket
  readonly #onFrame: OnFrame
  readonly #mask = randomBytes(4)
  /** The beginning of a frame whose end has not come yet. */
  #rest: Buffer | undefined

  constructor(socket: Socket, onFrame: OnFrame) {
    this.#socket = socket
    this.#onFrame = onFrame
  }

  /** A masked frame of less than 64 KiB. */
  send(payload: Uint8Array, opcode: number): void {
    const isShort = payload.length < 126
    const from = isShort ? 6 : 8
    const frame = Buffer.allocUnsafe(from + payload.length)
    frame[0] = 0x80 | opcode
    frame[1] = 0x80 | (isShort ? payload.length : 126)
    if (!isShort) frame.writeUInt16BE(payload.length, 2)
    frame.set(this.#mask, from - 4)
    for (let at = 0; at < payload.length; at++) frame[from + at] = (payload[at] ?? 0) ^ (this.#mask[at & 3] ?? 0)
    traffic.sent += frame.length
    this.#socket.write(frame)
  }

  receive(chunk: Buffer): void {
    traffic.received += chunk.length
    const bytes = this.#rest ? Buffer.concat([this.#rest, chunk]) : chunk
    this.#rest = undefined
    let at = 0
    while (at < bytes.length) {
      const short = (bytes[at + 1] ?? 0) & 0x7f
      const header = short < 126 ? 2 : 4
      if (bytes.length < at + header) break
      const end = at + header + (short < 126 ? short : bytes.readUInt16BE(at + 2))
      if (bytes.length < end) break
      if (bytes[at] === 0x89) this.send(bytes.subarray(at + header, end), PONG)
      else this.#onFrame(bytes, at + header, end, this)
      at = end
    }
    // What came is in a buffer that the next read overwrites.
    if (at < bytes.length) this.#rest = Buffer.from(bytes.subarray(at))
  }

  close(): void {
    this.#socket.destroy()
  }
}

export const TEXT = 1
export const BINARY = 2
const PONG = 10
const READ_BYTES = 64 * 1024
/** One for all sockets: what is read into it has been dealt with before the next read. */
const shared = Buffer.allocUnsafe(READ_BYTES)
const UPGRADED = 'HTTP/1.1 101'
const ANSWER_END = '\r\n\r\n'

export async function openLine(
  port: number,
  path: string,
  protocol: string | undefined,
  onFrame: OnFrame,
): Promise<Line> {
  const { promise, resolve, reject } = Promise.withResolvers<Line>()
  let answer = ''
  let line: Line | undefined
  const greet = (chunk: Buffer): void => {
    answer += chunk.toString('latin1')
    const end = answer.indexOf(ANSWER_END)
    if (end < 0) return
    if (!answer.startsWith(UPGRADED)) reject(new Error(`no upgrade: ${answer.slice(0, 200)}`))
    line = new Line(socket, onFrame)
    resolve(line)
    line.receive(Buffer.from(answer.slice(end + ANSWER_END.length), 'latin1'))
  }
  const callback = (count: number): boolean => {
    const chunk = shared.subarray(0, count)
    if (line) line.receive(chunk)
    else greet(chunk)
    return true
  }
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, onread: { buffer: shared, callback } })
  socket.on('error', reject)
  await once(socket, 'connect')
  const offered = protocol === undefined ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n${offered}\r\n`,
  )
  return promise
}
