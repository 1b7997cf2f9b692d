import { handLoop, quietLog, quietMetrics } from '@meydan/conformance/harness'
import { Fault, type Game, type Random, seededRandom } from '@meydan/contracts/core'
import { memoryCache, memoryLeases } from '@meydan/drivers/memory'
import { manualClock } from '@meydan/kernel/time'
import { createRoomEngine, type LocalRoomEngine, type RoomSink } from '@meydan/realtime/rooms'
import { CLEAR, Stream } from '../link/index.ts'
import { arrivalsOf, type LinkShape, Neck } from './link.ts'

/** One direction of a TCP connection, a frame to a segment. */
class Pipe {
  readonly #world: World
  readonly #stream: Stream
  readonly #works: (() => void)[] = []
  #wakesMs = Number.POSITIVE_INFINITY

  constructor(world: World, random: Random) {
    this.#world = world
    this.#stream = new Stream(CLEAR, random)
  }

  send(shape: LinkShape, roundTripMs: number, bytes: number, work: () => void): void {
    const { nowMs } = this.#world
    this.#stream.shape = { ...shape, bytesPerS: shape.bytesPerS ?? Number.POSITIVE_INFINITY }
    this.#works.push(work)
    this.#stream.send(Buffer.alloc(bytes), nowMs, roundTripMs)
    this.#wait()
  }

  #wait(): void {
    const { nextAtMs = Number.POSITIVE_INFINITY } = this.#stream
    if (nextAtMs >= this.#wakesMs) return
    this.#wakesMs = nextAtMs
    this.#world.at(Math.max(nextAtMs, this.#world.nowMs), () => {
      // A lost segment was found out earlier than it had seemed.
      if (this.#wakesMs !== nextAtMs) return
      this.#wakesMs = Number.POSITIVE_INFINITY
      for (const _ of this.#stream.arrived(this.#world.nowMs)) this.#works.shift()?.()
      this.#wait()
    })
  }
}

interface Due {
  readonly atMs: number
  readonly work: () => void
}

/** A line of one client into the room, with a network of its own each way. */
export interface Line {
  readonly joined: Awaited<ReturnType<LocalRoomEngine['attach']>>['joined']
  send(frame: Uint8Array): void
  /** Frames that the server has sent to this client, whatever became of them, and their bytes. */
  readonly sent: { frames: number; bytes: number }
  up: LinkShape
  down: LinkShape
  readonly isOpen: boolean
  /** Breaks it for good: what is under way is lost, and the server knows. */
  cut(): void
}

/** One process with one room, and a network, in a time of its own: a minute takes as long as its work does. */
export interface World {
  readonly nowMs: number
  readonly engine: LocalRoomEngine
  readonly roomId: string
  /** Chance for everything that is not the game's. */
  readonly random: Random
  at(atMs: number, work: () => void): void
  /** Does `work` every so often from `atMs` on. */
  every(everyMs: number, atMs: number, work: () => void): void
  /** Connects a player; `hear` gets what comes through. A frame that the server refuses is thrown away. */
  connect(playerId: string, up: LinkShape, down: LinkShape, hear: (frame: Uint8Array) => void): Promise<Line>
  run(ms: number): void
  /** The room ticks no more for so long, and makes nothing up for it: its process had other things to do. */
  stall(forMs: number): void
  close(): Promise<void>
}

export interface WorldOptions {
  readonly game: Game
  readonly seed: number
  /** Player ids of people, seated in order. */
  readonly people: readonly string[]
  readonly bots?: number
  readonly options?: { readonly [key: string]: number }
  readonly record?: boolean
}

const ROOM_ID = '1'
const BOT_SKILL = 0.6

/** What a gateway does with a frame that is malformed: the client is told, and nothing else happens. */
function refusing(input: (frame: Uint8Array) => void, frame: Uint8Array): void {
  try {
    input(frame)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  }
}

export async function openWorld({
  game,
  seed,
  people,
  bots = 0,
  options = {},
  record = false,
}: WorldOptions): Promise<World> {
  const clock = manualClock()
  const loop = handLoop()
  // Nothing renews a lease while a minute passes at once, and nobody else wants the room: for the engine no time passes but its ticks.
  const still = manualClock()
  const engine = createRoomEngine({
    games: [game],
    clock: still,
    cache: memoryCache(still),
    leases: memoryLeases(still),
    log: quietLog,
    metrics: quietMetrics,
    processId: 'netcode',
    roomsMax: 1,
    record,
    loop,
  })
  const seats = [
    ...people.map((playerId) => ({ playerId, name: playerId, bot: false })),
    ...Array.from({ length: bots }, (_, index) => ({
      playerId: `bot${index}`,
      name: 'bot',
      bot: true,
      skill: BOT_SKILL,
    })),
  ]
  await engine.open({ roomId: ROOM_ID, game: game.name, seats, options, seed })
  const queue: Due[] = []
  let stalledUntilMs = 0
  const random = seededRandom(seed ^ 0x2545f491)

  const world: World = {
    get nowMs() {
      return clock.monotonic()
    },
    engine,
    roomId: ROOM_ID,
    random,
    at(atMs, work) {
      let place = queue.length
      while (place > 0 && (queue[place - 1]?.atMs ?? 0) > atMs) place--
      queue.splice(place, 0, { atMs, work })
    },
    every(everyMs, atMs, work) {
      world.at(atMs, () => {
        work()
        world.every(everyMs, atMs + everyMs, work)
      })
    },
    async connect(playerId, up, down, hear) {
      let isOpen = true
      const necks = { up: new Neck(), down: new Neck() }
      const pipes = { up: new Pipe(world, random), down: new Pipe(world, random) }
      const carry = (way: 'up' | 'down', bytes: number, arrive: () => void): void => {
        const work = (): void => {
          if (isOpen) arrive()
        }
        if (line[way].isTcp) {
          pipes[way].send(line[way], line.up.delayMs + line.down.delayMs, bytes, work)
          return
        }
        const sentMs = necks[way].through(line[way], bytes, world.nowMs)
        for (const atMs of arrivalsOf(line[way], random, sentMs)) world.at(atMs, work)
      }
      const sent = { frames: 0, bytes: 0 }
      const sink: RoomSink = {
        frame(bytes) {
          sent.frames++
          sent.bytes += bytes.length
          const frame = bytes.slice()
          carry('down', frame.length, () => hear(frame))
        },
        event: () => undefined,
        closed: () => undefined,
      }
      const { joined, input, detach } = await engine.attach({ roomId: ROOM_ID, playerId, sink })
      const send = (frame: Uint8Array): void => carry('up', frame.length, () => refusing(input, frame))
      const line: Line = {
        joined,
        sent,
        up,
        down,
        send,
        get isOpen() {
          return isOpen
        },
        cut() {
          isOpen = false
          detach()
        },
      }
      return line
    },
    run(ms) {
      const untilMs = world.nowMs + ms
      for (let next = queue[0]; next && next.atMs <= untilMs; next = queue[0]) {
        queue.shift()
        clock.advance(Math.max(0, next.atMs - world.nowMs))
        next.work()
      }
      clock.advance(untilMs - world.nowMs)
    },
    stall(forMs) {
      stalledUntilMs = world.nowMs + forMs
    },
    close: () => engine.stop(),
  }
  world.every(game.tickMs, game.tickMs, () => {
    if (world.nowMs >= stalledUntilMs) loop.tick()
  })
  return world
}
