import { setTimeout as delay } from 'node:timers/promises'
import { Fault, type Random } from '@meydan/contracts/core'
import { arena } from '@meydan/games/arena'
import { type Client, createClient } from '@meydan/sdk'
import type { Sight } from './sights.ts'

/** Somebody who asks, plays, and asks again, and says something in between, whatever happens to the platform. */
export interface Person {
  readonly playerId: string
  readonly client: Client
  /** What was seen of the matches of the last half minute. */
  readonly sights: readonly Sight[]
  /** The room that is played in now. */
  readonly roomId: string | undefined
  /** Rooms that were played to their end. */
  readonly finished: ReadonlySet<string>
  /** Keys of feedback that the platform has said it has. */
  readonly said: ReadonlySet<string>
  /** Display names: the last that was acknowledged, and those tried since, which may be kept or not. */
  readonly names: readonly string[]
  /** Matches that were found by asking: nobody had said so in time. */
  readonly unheard: number
  /** What nobody may meet. */
  readonly faults: readonly string[]
}

/** What a platform may answer while a part of it is away or moves; a client tries again. */
const AWAY = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED', 'CANCELLED', 'ROOM_MOVING'])
/** Of a room that was found a moment ago and is over, or whose seat was given to another. */
const OVER = new Set(['ROOM_GONE', 'NOT_SEATED', 'SEAT_GIVEN_UP'])
const AGAIN_MS = 200
const ASK_EVERY_MS = 2_000
const SAY_EVERY_MS = 700
const INPUT_EVERY_MS = 30
const SIGHTS_KEPT_MS = 30_000
const TURN_MS = 600

type ArenaRoom = Awaited<ReturnType<typeof join>>
const join = (client: Client, roomId: string) => client.joinRoom(roomId, arena)

class Living implements Person {
  readonly client: Client
  readonly sights: Sight[] = []
  readonly finished = new Set<string>()
  readonly said = new Set<string>()
  readonly faults: string[] = []
  names: string[] = []
  roomId: string | undefined
  unheard = 0
  playerId = ''
  readonly #name: string
  readonly #random: Random
  readonly #signal: AbortSignal

  constructor(url: string, name: string, random: Random, signal: AbortSignal) {
    this.client = createClient({ url })
    this.#name = name
    this.#random = random
    this.#signal = signal
  }

  async enter(): Promise<void> {
    await this.#whenever('enter', () => this.client.guest({ displayName: this.#name }))
    this.playerId = this.client.player?.playerId ?? ''
    this.names = [this.#name]
    await this.#whenever('connect', () => this.client.connect())
  }

  async playOn(): Promise<void> {
    while (!this.#signal.aborted) {
      const roomId = await this.#find()
      if (roomId === undefined) continue
      const room = await this.#whenever('join', () => join(this.client, roomId))
      if (room) await this.#play(room, roomId)
    }
  }

  async talk(): Promise<void> {
    for (let turn = 0; !this.#signal.aborted; turn++) {
      await this.#pause(SAY_EVERY_MS * (0.5 + this.#random.float()))
      if (turn % 2 === 0) await this.#leaveFeedback(`chaos-${this.playerId}-${turn}`)
      else await this.#rename(`${this.#name} ${turn}`)
    }
  }

  async #find(): Promise<string | undefined> {
    const found = Promise.withResolvers<string>()
    const off = this.client.on('MATCH_FOUND', ({ roomId }) => found.resolve(roomId))
    try {
      let status = await this.#try('ask', () => this.client.call.matchmaking.ask({ game: arena.name }))
      while (!this.#signal.aborted) {
        if (status?.state === 'playing') return this.finished.has(status.roomId) ? undefined : status.roomId
        if (status?.state === 'idle') return undefined
        const heard = await Promise.race([found.promise, this.#pause(ASK_EVERY_MS)])
        if (heard !== undefined) return heard
        status = await this.#try('status', () => this.client.call.matchmaking.status({}))
        if (status?.state === 'playing') this.unheard++
      }
    } finally {
      off()
    }
    return undefined
  }

  async #play(room: ArenaRoom, roomId: string): Promise<void> {
    const closed = new Promise<string>((resolve) => room.onClosed(resolve))
    room.onSnapshot(({ view }) => this.#see(roomId, room.joined.seat ?? -1, view))
    const phase = 2 * Math.PI * this.#random.float()
    const running = setInterval(() => {
      if (room.isClosed) return
      const angle = phase + performance.now() / TURN_MS
      room.send({ moveX: Math.cos(angle), moveY: Math.sin(angle), aim: 0, fire: 0 })
    }, INPUT_EVERY_MS)
    this.roomId = roomId
    try {
      const how = await Promise.race([closed, this.#stopped()])
      if (how === 'ended') this.finished.add(roomId)
      else if (how !== undefined) this.faults.push(`was put out of room ${roomId}: ${how}`)
    } finally {
      this.roomId = undefined
      clearInterval(running)
    }
  }

  #see(roomId: string, seat: number, view: ArenaRoom['view']): void {
    const [avatar, score] = [view.avatars.get(seat), view.scores.get(seat)]
    const atMs = performance.now()
    if (avatar) {
      const { x, y, life } = avatar
      this.sights.push({ roomId, atMs, x, y, alive: life > 0, deaths: score?.deaths ?? 0 })
    }
    while ((this.sights[0]?.atMs ?? atMs) < atMs - SIGHTS_KEPT_MS) this.sights.shift()
  }

  async #leaveFeedback(key: string): Promise<void> {
    const left = await this.#try('feedback', () => this.client.call.feedback.leave({ key, kind: 'idea', text: key }))
    if (left) this.said.add(key)
  }

  async #rename(displayName: string): Promise<void> {
    this.names = [...this.names, displayName]
    const renamed = await this.#try('rename', () => this.client.call.players.update({ displayName }))
    if (renamed) this.names = [displayName]
  }

  /** Undefined when the platform was away, or what was asked for is over. */
  async #try<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      const code = error instanceof Fault ? error.code : String(error)
      if (!AWAY.has(code) && !OVER.has(code)) this.faults.push(`${what}: ${code}`)
      await this.#pause(AGAIN_MS)
      return undefined
    }
  }

  /** Tries until the platform is there; undefined when what was asked for is over. */
  async #whenever<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    while (!this.#signal.aborted) {
      try {
        return await work()
      } catch (error) {
        const code = error instanceof Fault ? error.code : String(error)
        if (!AWAY.has(code)) {
          if (!OVER.has(code)) this.faults.push(`${what}: ${code}`)
          return undefined
        }
        await this.#pause(AGAIN_MS)
      }
    }
    return undefined
  }

  #pause(ms: number): Promise<undefined> {
    return delay(ms, undefined, { signal: this.#signal }).catch(() => undefined)
  }

  #stopped(): Promise<undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>()
    if (this.#signal.aborted) resolve(undefined)
    this.#signal.addEventListener('abort', () => resolve(undefined), { once: true })
    return promise
  }
}

export interface Crowd {
  readonly people: readonly Person[]
  /** Everybody goes; resolves when all have stopped saying anything. */
  close(): Promise<void>
}

/** So many people, who have entered. */
export async function gather(url: string, count: number, random: Random): Promise<Crowd> {
  const leaving = new AbortController()
  const people = Array.from(
    { length: count },
    (_, index) => new Living(url, `Person ${index + 1}`, random, leaving.signal),
  )
  await Promise.all(people.map((person) => person.enter()))
  const living = Promise.all(people.flatMap((person) => [person.playOn(), person.talk()]))
  return {
    people,
    async close() {
      leaving.abort()
      for (const { client } of people) client.close()
      await living
    },
  }
}
