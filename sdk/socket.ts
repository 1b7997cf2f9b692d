import { core, Fault, type FaultCatalogue } from '@meydan/contracts/core'
import { CLOSE, type DownFrame, type UpFrame, Watched } from '@meydan/contracts/socket'
import { type Codec, codecOf, isRoomFrame, type Wire } from './codec.ts'
import { Emitter } from './emitter.ts'
import { faultFrom, isRefused } from './fault.ts'
import { Pings } from './pings.ts'
import { Positions } from './positions.ts'
import { redialMs } from './redial.ts'

export type State = 'closed' | 'connecting' | 'open' | 'reconnecting'
export type EventFrame = Extract<DownFrame, { event: string }>
type Welcome = Extract<DownFrame, { hello: unknown }>['hello']
type Answer = Extract<DownFrame, { out: unknown } | { error: unknown }>

export interface SocketOptions {
  readonly url: string
  readonly codec: Codec
  /** A good access token for hello and resume; undefined: anonymous. Throws with status 401 when only signing in helps. */
  readonly token: () => Promise<string | undefined>
  /** A new token in place of one that the server refused. Throws like `token`. */
  readonly renew: (refused: string) => Promise<string>
}

const CALL_MS_MAX = 15_000
/** What the server lets one socket have open. */
const CALLS_OPEN_MAX = 64
const PING_EVERY_MS = 2_000
/** A ping unanswered for this long means that the line is dead, whatever the WebSocket believes. */
const PONG_MS_MAX = 8_000
/** From dialling to the server's welcome. */
const WELCOME_MS_MAX = 10_000
/** The player's session was taken elsewhere or ended: dialling again would take it back, or never succeed. */
const FINAL_CODES: ReadonlySet<number> = new Set([CLOSE.replaced, CLOSE.revoked])

interface OpenCall {
  /** Runs while the answer's message is handled, before anything that came behind it. */
  readonly answered: (out: unknown) => void
  readonly reject: (error: unknown) => void
  readonly timer: ReturnType<typeof setTimeout>
  readonly catalogue: FaultCatalogue | undefined
}

/** One dial: a WebSocket, and the timers that go with it. */
interface Line {
  readonly webSocket: WebSocket
  readonly token: string | undefined
  readonly welcomeTimer: ReturnType<typeof setTimeout>
  pingTimer: ReturnType<typeof setInterval> | undefined
  /** When the oldest unanswered ping went out, ms of `performance.now()`; undefined: none is unanswered. */
  pingedAtMs: number | undefined
}

/** One session with the server over as many WebSockets as it takes. */
export class Socket {
  readonly onState = new Emitter<[State]>()
  /** Each event once. `gap`: of its topic something was missed before it. */
  readonly onEvent = new Emitter<[frame: EventFrame, gap: boolean]>()
  readonly onRoomFrame = new Emitter<[Uint8Array]>()
  /**
   * A session has begun (`isNew`: rooms have to be joined again) or gone on. `resumed`: no event was missed; else whatever the earlier one
   * had is gone.
   */
  readonly onWelcome = new Emitter<[{ readonly resumed: boolean; readonly isNew: boolean }]>()
  /** The server ended the session for good, with a close code, or refuses the player's tokens. */
  readonly onEnded = new Emitter<[code: number]>()
  readonly pings = new Pings()
  bytesReceived = 0
  bytesSent = 0

  readonly #options: SocketOptions
  readonly #codec: Wire
  readonly #calls = new Map<number, OpenCall>()
  #state: State = 'closed'
  #line: Line | undefined
  #session: string | undefined
  /** Event frames of the session so far: what `resume` counts by (ADR 2). */
  #eventsReceived = 0
  /** What another gateway goes on by, that does not have the session (ADR 8). */
  readonly #positions = new Positions()
  #nextId = 1
  /** When the line was lost, or first sought in vain, ms of `performance.now()`; undefined while there is one. */
  #awaySinceMs: number | undefined
  #refusals = 0
  #redial: ReturnType<typeof setTimeout> | undefined
  /** Each `open` is a run; what belongs to an earlier run finds that it no longer is the current one. */
  #run: { readonly opened: PromiseWithResolvers<void> } | undefined

  constructor(options: SocketOptions) {
    this.#options = options
    this.#codec = codecOf(options.codec)
  }

  get state(): State {
    return this.#state
  }

  /** Resolves once the session has begun. Rejects when the server will not have it; while it cannot be reached it tries on. */
  open(): Promise<void> {
    if (!this.#run) {
      this.#run = { opened: Promise.withResolvers() }
      void this.#dial()
    }
    return this.#run.opened.promise
  }

  close(): void {
    this.#end(core.CANCELLED({ message: 'The client was closed.' }))
  }

  /** Dials at once instead of waiting for the next try: the network is back, or somebody is looking again. */
  hurry(): void {
    if (this.#redial === undefined) return
    clearTimeout(this.#redial)
    void this.#dial()
  }

  /**
   * Sends a frame that is answered, and resolves with what `read` makes of the answer. `read` runs before the next message is
   * handled: several may have come in one packet, and a promise tells its news only after the last of them. Rejects with a Fault.
   */
  ask<T>(frame: (id: number) => UpFrame, read: (out: unknown) => T, catalogue?: FaultCatalogue): Promise<T> {
    if (this.#state !== 'open') return Promise.reject(core.UNAVAILABLE({ message: 'The socket is not open.' }))
    if (this.#calls.size >= CALLS_OPEN_MAX) {
      return Promise.reject(core.RATE_LIMITED({ message: `At most ${CALLS_OPEN_MAX} calls are open at once.` }))
    }
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#calls.delete(id)
        reject(core.DEADLINE_EXCEEDED())
      }, CALL_MS_MAX)
      const answered = (out: unknown): void => {
        try {
          resolve(read(out))
        } catch (error) {
          reject(error)
        }
      }
      this.#calls.set(id, { answered, reject, timer, catalogue })
      this.#send(frame(id))
    })
  }

  /** Takes what a watch or a renewal was answered: where the topics are. */
  watching(out: unknown): void {
    const told = Watched.safeParse(out)
    if (told.success) this.#positions.add(told.data.topics)
  }

  /** Ends what a watch began; what is on its way may still be heard. */
  unwatch(topic: string): void {
    this.#positions.forget(topic)
    if (this.#state !== 'open') return
    // The session may be gone before it has answered, and the topic with it.
    this.ask(
      (id) => ({ id, unwatch: topic }),
      () => this.#positions.forget(topic),
    ).catch(() => undefined)
  }

  /** Bytes that wait for the network on this machine. */
  get waitingBytes(): number {
    return this.#line?.webSocket.bufferedAmount ?? 0
  }

  /** Lost when the socket is not open; later inputs repeat it. */
  sendRoomFrame(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#state === 'open') this.#write(bytes)
  }

  async #dial(): Promise<void> {
    const run = this.#run
    this.#redial = undefined
    this.#become(this.#session === undefined && this.#awaySinceMs === undefined ? 'connecting' : 'reconnecting')
    let token: string | undefined
    try {
      token = await this.#options.token()
    } catch (error) {
      if (run === this.#run) this.#failed(error)
      return
    }
    if (run === this.#run && run) this.#connect(token)
  }

  #connect(token: string | undefined): void {
    const webSocket = new WebSocket(this.#options.url, this.#codec.subprotocol)
    webSocket.binaryType = 'arraybuffer'
    const welcomeTimer = setTimeout(() => this.#dropped(line, 0), WELCOME_MS_MAX)
    const line: Line = { webSocket, token, welcomeTimer, pingTimer: undefined, pingedAtMs: undefined }
    this.#line = line
    webSocket.addEventListener('open', () => {
      if (this.#line === line) this.#greet(token)
    })
    webSocket.addEventListener('message', ({ data }) => {
      if (this.#line === line) this.#receive(line, data)
    })
    webSocket.addEventListener('close', ({ code }) => this.#dropped(line, code))
  }

  #greet(token: string | undefined): void {
    const greeting = token === undefined ? {} : { token }
    const session = this.#session
    const seq = this.#eventsReceived
    const topics = this.#positions.all
    if (session === undefined) this.#send({ hello: greeting })
    else this.#send({ resume: { session, seq, ...(topics && { topics }), ...greeting } })
  }

  /** The line is dead, by a close or because nothing comes. The session lives on at the server for a while. */
  #dropped(line: Line, code: number): void {
    if (this.#line !== line) return
    this.#letGo(line)
    if (FINAL_CODES.has(code)) {
      this.#end(core.UNAVAILABLE({ message: 'The session was ended or taken elsewhere.' }), code)
      return
    }
    // An older server, that did not understand the resume, waited for a first frame in vain.
    if (code === CLOSE.helloExpected) this.#session = undefined
    if (code === CLOSE.unauthenticated && line.token !== undefined) void this.#refused(line.token)
    else this.#retry()
  }

  /** The token was refused: it may be of another day, or the session somebody else's. A new one is tried once. */
  async #refused(token: string): Promise<void> {
    const run = this.#run
    this.#loseCalls()
    this.#become('reconnecting')
    this.#session = undefined
    try {
      if (this.#refusals++ > 0) throw core.UNAUTHENTICATED()
      await this.#options.renew(token)
      if (run === this.#run) this.#retry()
    } catch (error) {
      if (run === this.#run) this.#failed(error)
    }
  }

  #failed(error: unknown): void {
    if (isRefused(error) || !(error instanceof Fault)) this.#end(error, CLOSE.unauthenticated)
    else this.#retry()
  }

  #retry(): void {
    this.#loseCalls()
    this.#become('reconnecting')
    const nowMs = performance.now()
    this.#awaySinceMs ??= nowMs
    clearTimeout(this.#redial)
    this.#redial = setTimeout(() => void this.#dial(), redialMs(nowMs - this.#awaySinceMs, Math.random()))
  }

  #end(error: unknown, code?: number): void {
    const run = this.#run
    this.#run = undefined
    clearTimeout(this.#redial)
    this.#redial = undefined
    if (this.#line) this.#letGo(this.#line)
    this.#session = undefined
    this.#eventsReceived = 0
    this.#positions.begin(undefined)
    this.#awaySinceMs = undefined
    this.#refusals = 0
    this.#loseCalls()
    this.#become('closed')
    // Nobody may be waiting for an opening that came long ago.
    run?.opened.promise.catch(() => undefined)
    run?.opened.reject(error)
    if (code !== undefined) this.onEnded.emit(code)
  }

  #letGo(line: Line): void {
    clearTimeout(line.welcomeTimer)
    clearInterval(line.pingTimer)
    this.#line = undefined
    line.webSocket.close(1000)
  }

  #loseCalls(): void {
    for (const { reject, timer } of this.#calls.values()) {
      clearTimeout(timer)
      reject(core.UNAVAILABLE({ message: 'The connection was lost before the answer came.' }))
    }
    this.#calls.clear()
  }

  #become(state: State): void {
    if (this.#state === state) return
    this.#state = state
    this.onState.emit(state)
  }

  #receive(line: Line, data: string | ArrayBuffer): void {
    const bytes = typeof data === 'string' ? undefined : new Uint8Array(data)
    this.bytesReceived += bytes?.length ?? String(data).length
    if (bytes && isRoomFrame(bytes)) {
      this.onRoomFrame.emit(bytes)
      return
    }
    const frame = this.#codec.read(bytes ?? String(data))
    // A newer server may say things that this client does not know.
    if (frame) this.#take(line, frame)
  }

  #take(line: Line, frame: DownFrame): void {
    if ('hello' in frame) this.#welcome(line, frame.hello)
    else if ('event' in frame) this.#hear(frame)
    else if ('pong' in frame) {
      line.pingedAtMs = undefined
      this.pings.add(frame.pong, frame.timeMs)
    } else if (frame.id !== undefined) this.#answer(frame.id, frame)
  }

  /** A room has numbers of its own, which its rooms keep. */
  #hear(frame: EventFrame): void {
    this.#eventsReceived++
    const heard = frame.topic.startsWith('room:') ? 'next' : this.#positions.hear(frame.topic, frame.seq)
    if (heard !== 'again') this.onEvent.emit(frame, heard === 'gap')
  }

  #answer(id: number, frame: Answer): void {
    const call = this.#calls.get(id)
    if (!call) return
    this.#calls.delete(id)
    clearTimeout(call.timer)
    if ('error' in frame) call.reject(faultFrom(frame.error, call.catalogue && { catalogue: call.catalogue }))
    else call.answered(frame.out)
  }

  #welcome(line: Line, { session, resumed, topics }: Welcome): void {
    clearTimeout(line.welcomeTimer)
    const isNew = !resumed || session !== this.#session
    if (isNew) this.#eventsReceived = 0
    if (!resumed) this.#positions.begin(topics)
    this.#session = session
    this.#awaySinceMs = undefined
    this.#refusals = 0
    this.#become('open')
    line.pingTimer = setInterval(() => this.#ping(line), PING_EVERY_MS)
    this.#ping(line)
    this.onWelcome.emit({ resumed, isNew })
    this.#run?.opened.resolve()
  }

  #ping(line: Line): void {
    const nowMs = performance.now()
    if (line.pingedAtMs !== undefined && nowMs - line.pingedAtMs > PONG_MS_MAX) {
      this.#dropped(line, 0)
      return
    }
    line.pingedAtMs ??= nowMs
    this.#send({ ping: nowMs })
  }

  #send(frame: UpFrame): void {
    this.#write(this.#codec.write(frame))
  }

  #write(data: string | Uint8Array<ArrayBuffer>): void {
    const webSocket = this.#line?.webSocket
    if (webSocket?.readyState !== WebSocket.OPEN) return
    this.bytesSent += data.length
    webSocket.send(data)
  }
}
