import { core } from '@meydan/contracts/core'
import { type DownFrame, DownFrame as DownFrameSchema, type UpFrame } from '@meydan/contracts/socket'
import { Packr } from 'msgpackr'
import { Emitter } from './emitter.ts'
import { faultFrom } from './rest.ts'

export type Codec = 'json' | 'msgpack'
export type State = 'closed' | 'connecting' | 'open' | 'reconnecting'
export type EventFrame = Extract<DownFrame, { event: string }>
type Welcome = Extract<DownFrame, { hello: unknown }>['hello']

export interface SocketOptions {
  readonly url: string
  readonly codec: Codec
  /** A fresh access token for hello and resume; undefined: anonymous. */
  readonly token: () => Promise<string | undefined>
}

const packr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: 'number' })
const CALL_MS_MAX = 15_000
const BACKOFF_MS_MIN = 250
const BACKOFF_MS_MAX = 8_000
const PING_EVERY_MS = 2_000
const SAMPLES_KEPT = 9
/** Close codes after which trying again with the same session makes no sense. */
const FINAL_CODES: ReadonlySet<number> = new Set([4004, 4005])

interface OpenCall {
  readonly resolve: (out: unknown) => void
  readonly reject: (error: unknown) => void
  readonly timer: ReturnType<typeof setTimeout>
}

/** One session with the server over as many WebSockets as it takes. */
export class Socket {
  readonly onState = new Emitter<[State]>()
  readonly onEvent = new Emitter<[EventFrame]>()
  readonly onRoomFrame = new Emitter<[Uint8Array]>()
  /** The earlier session is gone: state should be read afresh, rooms joined again. */
  readonly onLost = new Emitter<[]>()
  bytesReceived = 0
  bytesSent = 0

  readonly #options: SocketOptions
  readonly #calls = new Map<number, OpenCall>()
  #state: State = 'closed'
  #webSocket: WebSocket | undefined
  #session: string | undefined
  #received = 0
  #nextId = 1
  #failures = 0
  #wanted = false
  #opened = Promise.withResolvers<void>()
  #pinging: ReturnType<typeof setInterval> | undefined
  #samples: { rttMs: number; offsetMs: number }[] = []

  constructor(options: SocketOptions) {
    this.#options = options
  }

  get state(): State {
    return this.#state
  }

  /** Median round trip of the last pings. */
  get rttMs(): number {
    return median(this.#samples.map(({ rttMs }) => rttMs))
  }

  /** The server's wall clock, as well as the pings can tell. */
  serverNowMs(): number {
    return Date.now() + median(this.#samples.map(({ offsetMs }) => offsetMs))
  }

  /** Resolves once the session has begun. */
  open(): Promise<void> {
    if (!this.#wanted) {
      this.#wanted = true
      this.#opened = Promise.withResolvers()
      void this.#dial()
    }
    return this.#opened.promise
  }

  close(): void {
    this.#wanted = false
    this.#session = undefined
    this.#received = 0
    this.#webSocket?.close(1000)
    this.#down('closed')
  }

  /** Sends a frame that is answered. Rejects with a Fault. */
  ask(frame: (id: number) => UpFrame): Promise<unknown> {
    if (this.#state !== 'open') return Promise.reject(core.UNAVAILABLE({ message: 'The socket is not open.' }))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#calls.delete(id)
        reject(core.DEADLINE_EXCEEDED())
      }, CALL_MS_MAX)
      this.#calls.set(id, { resolve, reject, timer })
      this.#send(frame(id))
    })
  }

  sendRoomFrame(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#state === 'open') this.#write(bytes)
  }

  async #dial(): Promise<void> {
    this.#become(this.#session === undefined && this.#failures === 0 ? 'connecting' : 'reconnecting')
    let token: string | undefined
    try {
      token = await this.#options.token()
    } catch (error) {
      this.#opened.reject(error)
      this.#wanted = false
      this.#down('closed')
      return
    }
    if (!this.#wanted) return
    const protocol = this.#options.codec === 'json' ? 'meydan.v1.json' : 'meydan.v1.msgpack'
    const webSocket = new WebSocket(this.#options.url, protocol)
    webSocket.binaryType = 'arraybuffer'
    this.#webSocket = webSocket
    webSocket.addEventListener('open', () => {
      const greeting = token === undefined ? {} : { token }
      const session = this.#session
      this.#send(
        session === undefined ? { hello: greeting } : { resume: { session, seq: this.#received, ...greeting } },
      )
    })
    webSocket.addEventListener('message', ({ data }) => {
      if (this.#webSocket === webSocket) this.#receive(data)
    })
    webSocket.addEventListener('close', ({ code }) => {
      if (this.#webSocket === webSocket) this.#dropped(code)
    })
  }

  #dropped(code: number): void {
    this.#webSocket = undefined
    if (!this.#wanted || FINAL_CODES.has(code)) {
      this.#wanted = false
      this.#opened.reject(core.UNAVAILABLE({ message: 'The session ended.' }))
      this.#opened.promise.catch(() => undefined)
      this.#down('closed')
      return
    }
    this.#down('reconnecting')
    // Full jitter, so that a thousand clients of one dead server do not come back at once.
    const waitMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** this.#failures++) * (0.5 + Math.random() / 2)
    setTimeout(() => (this.#wanted ? void this.#dial() : undefined), waitMs)
  }

  #down(state: State): void {
    clearInterval(this.#pinging)
    for (const { reject, timer } of this.#calls.values()) {
      clearTimeout(timer)
      reject(core.UNAVAILABLE({ message: 'The connection was lost before the answer came.' }))
    }
    this.#calls.clear()
    this.#become(state)
  }

  #become(state: State): void {
    if (this.#state === state) return
    this.#state = state
    this.onState.emit(state)
  }

  #receive(data: string | ArrayBuffer): void {
    const bytes = typeof data === 'string' ? undefined : new Uint8Array(data)
    this.bytesReceived += bytes?.length ?? data.toString().length
    const [type = 0] = bytes ?? []
    if (bytes && type > 0 && type < 0x80) {
      this.onRoomFrame.emit(bytes)
      return
    }
    const parsed = DownFrameSchema.safeParse(bytes ? packr.unpack(bytes) : JSON.parse(String(data)))
    // A newer server may say things this client does not know.
    if (parsed.success) this.#take(parsed.data)
  }

  #take(frame: DownFrame): void {
    if ('hello' in frame) this.#welcome(frame.hello)
    else if ('event' in frame) {
      this.#received++
      this.onEvent.emit(frame)
    } else if ('pong' in frame) this.#sample(frame.pong, frame.timeMs)
    else if (frame.id !== undefined) this.#answer(frame.id, frame)
  }

  #answer(id: number, frame: Extract<DownFrame, { out: unknown } | { error: unknown }>): void {
    const call = this.#calls.get(id)
    if (!call) return
    this.#calls.delete(id)
    clearTimeout(call.timer)
    if ('error' in frame) call.reject(faultFrom(frame.error))
    else call.resolve(frame.out)
  }

  #welcome({ session, resumed }: Welcome): void {
    const lost = this.#session !== undefined && !resumed
    if (!resumed) this.#received = 0
    this.#session = session
    this.#failures = 0
    this.#become('open')
    this.#ping()
    this.#pinging = setInterval(() => this.#ping(), PING_EVERY_MS)
    this.#opened.resolve()
    if (lost) this.onLost.emit()
  }

  #ping(): void {
    this.#send({ ping: Date.now() })
  }

  #sample(sentMs: number, serverMs: number): void {
    const rttMs = Date.now() - sentMs
    this.#samples.push({ rttMs, offsetMs: serverMs + rttMs / 2 - Date.now() })
    if (this.#samples.length > SAMPLES_KEPT) this.#samples.shift()
  }

  #send(frame: UpFrame): void {
    this.#write(this.#options.codec === 'json' ? JSON.stringify(frame) : new Uint8Array(packr.pack(frame)))
  }

  #write(data: string | Uint8Array<ArrayBuffer>): void {
    if (this.#webSocket?.readyState !== WebSocket.OPEN) return
    this.bytesSent += data.length
    this.#webSocket.send(data)
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
