import { setTimeout as delay } from 'node:timers/promises'
import { MATCH_FOUND } from '@meydan/contracts/matchmaking'
import { InputCodec, NO_TICK, ROOM_FRAME, snapshotHead } from '@meydan/contracts/wire'
import { type ArenaInput, arena } from '@meydan/games/arena'
import { z } from 'zod'
import { BINARY, type Line, openLine, TEXT } from '../arena/line.ts'
import { wishAt } from '../arena/scene.ts'

/** What all people of this process have met so far. */
export const met = { connected: 0, playing: 0, joined: 0, snapshots: 0, inputs: 0, events: 0, askedAgain: 0 }

let goal = { events: Number.POSITIVE_INFINITY, reached: (): void => undefined }

/** Resolves when so many events have come since the beginning. One at a time. */
export async function eventsReach(events: number): Promise<void> {
  if (met.events >= events) return
  await new Promise<void>((reached) => {
    goal = { events, reached }
  })
}

const SUBPROTOCOL = 'meydan.v2.json'
const CONNECT_MS_MAX = 15_000
/** As the SDK sends them: each input three times, so that a lost frame costs nothing. */
const REPEATS = 3
/** What a client says of how far it shows the others behind its newest snapshot. */
const BEHIND_TICKS = 3
/** After a match a player looks at the result; nobody asks again in step with the others. */
const PAUSE_MS = { min: 200, max: 1_200 }

const Answer = z.object({ id: z.int(), out: z.looseObject({ handle: z.int().optional() }) })
const Refusal = z.object({ id: z.int().optional(), error: z.object({ code: z.string(), message: z.string() }) })
const Event = z.object({ event: z.string(), topic: z.string(), data: z.looseObject({ roomId: z.string().optional() }) })

/** The server refused something with this code. */
class Refused extends Error {}
/** What a server under too much load says. */
const PASSING = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED'])

interface Place {
  readonly handle: number
  readonly roomId: string
  ackTick: number
  seq: number
  readonly recent: ArenaInput[]
}

const codec = new InputCodec(arena.inputLayout)

/** One player, with as much of a client in it as a server can notice: it joins, acknowledges, sends inputs, and asks again. */
export class Person {
  readonly #line: Line
  #place: Place | undefined
  #wanted: { readonly game: string; readonly again: boolean } | undefined
  readonly #answers = new Map<number, PromiseWithResolvers<number | undefined>>()
  #lastId = 0

  /** Resolves when the server has said hello. */
  static async connect(port: number, token: string): Promise<Person> {
    const { promise: welcome, resolve, reject } = Promise.withResolvers<void>()
    const late = setTimeout(() => reject(new Error(`no welcome within ${CONNECT_MS_MAX} ms`)), CONNECT_MS_MAX)
    // Nothing comes before the hello below has been answered.
    let person: Person | undefined
    const line = await openLine(port, '/v1/socket', SUBPROTOCOL, (chunk, from, to) => {
      if (!person) return
      if (chunk[from] === ROOM_FRAME.snapshot) person.#snapshot(chunk.subarray(from, to))
      else person.#hear(chunk.toString('utf8', from, to), resolve)
    })
    person = new Person(line)
    person.#say({ hello: { token } })
    await welcome
    clearTimeout(late)
    met.connected++
    return person
  }

  private constructor(line: Line) {
    this.#line = line
  }

  /** Takes the seat that is kept in a room. */
  async join(roomId: string): Promise<void> {
    const handle = await this.#insist({ join: roomId })
    if (handle === undefined) throw new Error('a join was answered without a handle')
    this.#place = { handle, roomId, ackTick: NO_TICK, seq: 0, recent: [] }
    met.playing++
    met.joined++
  }

  /** Asks for a match, joins it when it is found, and asks again when it is over. */
  async queue(game: string, again: boolean): Promise<void> {
    this.#wanted = { game, again }
    await this.#insist({ call: 'matchmaking.ask', in: { game } })
  }

  /** Asks for no more matches; one that plays ends by itself. */
  async rest(): Promise<void> {
    if (!this.#wanted) return
    this.#wanted = undefined
    await this.#insist({ call: 'matchmaking.cancel', in: {} })
  }

  input(tick: number, index: number): void {
    const place = this.#place
    if (!place) return
    place.recent.push({ ...wishAt(index, tick), fire: 1 })
    if (place.recent.length > REPEATS) place.recent.shift()
    const { handle, ackTick, recent: inputs } = place
    this.#line.send(codec.encode(handle, { ackTick, seq: ++place.seq, inputs, behindTicks: BEHIND_TICKS }), BINARY)
    met.inputs++
  }

  close(): void {
    this.#line.close()
  }

  /** Asks again while the answer is that it would be worth it, as a client does. */
  async #insist(frame: object): Promise<number | undefined> {
    for (;;) {
      try {
        return await this.#ask(frame)
      } catch (error) {
        if (!(error instanceof Refused && PASSING.has(error.message))) throw error
        met.askedAgain++
        await delay(PAUSE_MS.max)
      }
    }
  }

  #ask(frame: object): Promise<number | undefined> {
    const id = ++this.#lastId
    const asked = Promise.withResolvers<number | undefined>()
    this.#answers.set(id, asked)
    this.#say({ id, ...frame })
    return asked.promise
  }

  #say(frame: object): void {
    this.#line.send(Buffer.from(JSON.stringify(frame)), TEXT)
  }

  #snapshot(frame: Uint8Array): void {
    met.snapshots++
    if (this.#place) this.#place.ackTick = snapshotHead(frame).tick
  }

  #hear(text: string, welcomed: () => void): void {
    if (text.startsWith('{"hello"')) {
      welcomed()
      return
    }
    // What is no JSON is a close: two bytes of its code, and why.
    if (!text.startsWith('{')) throw new Error(`the server hung up: ${text.slice(2)}`)
    const message: unknown = JSON.parse(text)
    const refusal = Refusal.safeParse(message)
    if (refusal.success) {
      this.#refused(refusal.data)
      return
    }
    const answer = Answer.safeParse(message)
    if (answer.success) this.#answered(answer.data)
    else this.#happened(Event.parse(message))
  }

  #answered({ id, out }: z.output<typeof Answer>): void {
    this.#answers.get(id)?.resolve(out.handle)
    this.#answers.delete(id)
  }

  #refused({ id = 0, error }: z.output<typeof Refusal>): void {
    const asked = this.#answers.get(id)
    if (!asked) throw new Error(`refused: ${error.code} ${error.message}`)
    asked.reject(new Refused(error.code))
    this.#answers.delete(id)
  }

  #happened({ event, topic, data: { roomId } }: z.output<typeof Event>): void {
    if (++met.events === goal.events) goal.reached()
    if (event === MATCH_FOUND && roomId !== undefined) void this.#found(roomId)
    else if (event === ROOM_CLOSED && topic === `room:${this.#place?.roomId}`) this.#over()
  }

  /** A match may be over before its players are there. */
  async #found(roomId: string): Promise<void> {
    try {
      await this.join(roomId)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      met.askedAgain++
      this.#askAgain()
    }
  }

  #over(): void {
    this.#place = undefined
    met.playing--
    this.#askAgain()
  }

  #askAgain(): void {
    if (!this.#wanted?.again) return
    const pauseMs = PAUSE_MS.min + Math.random() * (PAUSE_MS.max - PAUSE_MS.min)
    setTimeout(() => void (this.#wanted && this.queue(this.#wanted.game, true)), pauseMs)
  }
}

/** What the socket says when a room is over for its player. */
const ROOM_CLOSED = 'ROOM_CLOSED'
