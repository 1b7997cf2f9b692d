import { connect, type Socket } from 'node:net'

/** Where to connect to, and as what. */
export interface Dialled {
  readonly port: number
  readonly localAddress: string | undefined
  /** What the client says first. */
  readonly hello: string
  /** Told once, when the server's first message is here. */
  readonly onWelcome: () => void
  readonly onPing: () => void
  /** Told once, when the connection is gone, and why as far as it is known. */
  readonly onGone: (reason: string) => void
}

const UPGRADE = [
  'GET /v1/socket HTTP/1.1',
  'host: 127.0.0.1',
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  // Any 16 bytes: nobody checks here what the server makes of them.
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol: meydan.v2.json',
  '\r\n',
].join('\r\n')
const UPGRADED = 'HTTP/1.1 101'
const HEAD_END = '\r\n\r\n'

/** RFC 6455 §5.2. Every frame of a client is masked; one key does for all, since nobody is between. */
const MASK = Buffer.from([0x12, 0x34, 0x56, 0x78])
const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const
const PONG = masked(OPCODE.pong, Buffer.alloc(0))

function masked(opcode: number, payload: Buffer): Buffer {
  const short = payload.length < 126
  const head = short
    ? [0x80 | opcode, 0x80 | payload.length]
    : [0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 0xff]
  const body = payload.map((byte, index) => byte ^ (MASK[index % 4] ?? 0))
  return Buffer.concat([Buffer.from(head), MASK, body])
}

/** All sockets of a process read into the same buffer, one after the other. */
const READ_BYTES = 64 * 1024
const readBuffer = Buffer.alloc(READ_BYTES)

/**
 * A WebSocket client with nothing in it but what an idle one needs: it upgrades, says hello, takes the welcome and answers pings. A
 * process can hold ten thousand of them and still be on time.
 */
export class LeanSocket {
  readonly #dialled: Dialled
  readonly #socket: Socket
  #stage: 'upgrading' | 'greeting' | 'open' = 'upgrading'
  #rest: Buffer | undefined
  #why = 'it was closed'

  constructor(dialled: Dialled) {
    this.#dialled = dialled
    this.#socket = connect({
      port: dialled.port,
      host: '127.0.0.1',
      ...(dialled.localAddress !== undefined && { localAddress: dialled.localAddress }),
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (bytes) => {
          this.#take(readBuffer.subarray(0, bytes))
          return true
        },
      },
    })
    this.#socket.write(UPGRADE)
    this.#socket.on('error', (error) => {
      this.#why = error.message
    })
    this.#socket.once('close', () => dialled.onGone(this.#why))
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #take(arrived: Buffer): void {
    const bytes = this.#rest ? Buffer.concat([this.#rest, arrived]) : arrived
    this.#rest = undefined
    let offset = 0
    if (this.#stage === 'upgrading') {
      const end = bytes.indexOf(HEAD_END)
      if (end < 0) {
        this.#rest = Buffer.from(bytes)
        return
      }
      if (!bytes.toString('latin1', 0, UPGRADED.length).startsWith(UPGRADED)) {
        this.#fail(bytes.toString('latin1', 0, bytes.indexOf('\r\n')))
        return
      }
      offset = end + HEAD_END.length
      this.#stage = 'greeting'
      this.#socket.write(masked(OPCODE.text, Buffer.from(this.#dialled.hello)))
    }
    while (bytes.length - offset >= 2) {
      const lengthByte = bytes.readUInt8(offset + 1)
      const headBytes = lengthByte < 126 ? 2 : 4
      if (lengthByte > 126) {
        this.#fail('the server sent more than an idle client expects')
        return
      }
      if (bytes.length - offset < headBytes) break
      const length = lengthByte < 126 ? lengthByte : bytes.readUInt16BE(offset + 2)
      if (bytes.length - offset < headBytes + length) break
      const payload = bytes.subarray(offset + headBytes, offset + headBytes + length)
      this.#frame(bytes.readUInt8(offset) & 0x0f, payload)
      offset += headBytes + length
    }
    if (offset < bytes.length) this.#rest = Buffer.from(bytes.subarray(offset))
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.ping) {
      this.#socket.write(PONG)
      this.#dialled.onPing()
    } else if (opcode === OPCODE.close) {
      this.#fail(
        `closed with ${payload.length >= 2 ? payload.readUInt16BE(0) : 'no code'}: ${payload.toString('utf8', 2)}`,
      )
    } else if (this.#stage === 'greeting') {
      this.#stage = 'open'
      if (payload.includes('"error"')) this.#fail(`refused: ${payload.toString('utf8')}`)
      else this.#dialled.onWelcome()
    }
  }

  #fail(why: string): void {
    this.#why = why
    this.#socket.destroy()
  }
}
