import { type Line, openLine, TEXT } from '../arena/line.ts'

const SUBPROTOCOL = 'meydan.v2.json'
const CONNECT_MS_MAX = 30_000
const ANSWER = '{"id":'
const HELLO = '{"hello"'

/** Frames that came to all bettors of this process. */
export const met = { frames: 0 }

/** A call was refused; the message is the code. */
export class Refused extends Error {}

/** What a bettor is told besides answers: the text of an event's frame. */
type OnEvent = (frame: string) => void

interface Answer {
  readonly id: number
  readonly out?: unknown
  readonly error?: { readonly code: string }
}

/** One player at the socket, with as little in it as a server cannot tell from a client. */
export class Bettor {
  readonly #line: Line
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>()
  #lastId = 0
  /** Without one, events are counted and not looked at. */
  onEvent: OnEvent | undefined

  /** Resolves when the server has said hello. */
  static async connect(port: number, token: string): Promise<Bettor> {
    const { promise: welcome, resolve, reject } = Promise.withResolvers<void>()
    const late = setTimeout(() => reject(new Error(`no welcome within ${CONNECT_MS_MAX} ms`)), CONNECT_MS_MAX)
    let bettor: Bettor | undefined
    const line = await openLine(port, '/v1/socket', SUBPROTOCOL, (chunk, from, to) => {
      if (bettor) bettor.#hear(chunk, from, to, resolve)
    })
    bettor = new Bettor(line)
    bettor.#say({ hello: { token } })
    await welcome
    clearTimeout(late)
    return bettor
  }

  private constructor(line: Line) {
    this.#line = line
  }

  call(call: string, input: object): Promise<unknown> {
    return this.#ask({ call, in: input })
  }

  async watch(topic: string): Promise<void> {
    await this.#ask({ watch: topic })
  }

  close(): void {
    this.#line.close()
  }

  #ask(frame: object): Promise<unknown> {
    const id = ++this.#lastId
    const asked = Promise.withResolvers<unknown>()
    this.#answers.set(id, asked)
    this.#say({ id, ...frame })
    return asked.promise
  }

  #say(frame: object): void {
    this.#line.send(Buffer.from(JSON.stringify(frame)), TEXT)
  }

  #hear(chunk: Buffer, from: number, to: number, welcomed: () => void): void {
    met.frames++
    const start = chunk.toString('latin1', from, Math.min(to, from + HELLO.length))
    if (start.startsWith(ANSWER)) this.#answered(JSON.parse(chunk.toString('utf8', from, to)))
    else if (start === HELLO) welcomed()
    // What is no JSON is a close: two bytes of its code, and why.
    else if (!start.startsWith('{')) throw new Error(`the server hung up: ${chunk.toString('utf8', from + 2, to)}`)
    else this.onEvent?.(chunk.toString('utf8', from, to))
  }

  #answered({ id, out, error }: Answer): void {
    const asked = this.#answers.get(id)
    this.#answers.delete(id)
    if (error) asked?.reject(new Refused(error.code))
    else asked?.resolve(out)
  }
}
