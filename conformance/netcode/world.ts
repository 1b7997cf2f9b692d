import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { Fault, type Game, type Random, seededRandom } from '@meydan/contracts/core'
import { memoryCache, memoryLeases } from '@meydan/drivers/memory'
import { manualClock } from '@meydan/kernel/time'
import { createRoomEngine, type LocalRoomEngine, type RoomSink, type Ticking } from '@meydan/realtime/rooms'
import { arrivalsOf, type LinkShape } from './link.ts'

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
  const ticking = new Set<Ticking>()
  const engine = createRoomEngine({
    games: [game],
    clock,
    cache: memoryCache(clock),
    leases: memoryLeases(clock),
    log: quietLog,
    metrics: quietMetrics,
    processId: 'netcode',
    roomsMax: 1,
    record,
    loop: {
      missed: 0,
      add: (room) => void ticking.add(room),
      remove: (room) => void ticking.delete(room),
      stop: () => ticking.clear(),
      takeStats: () => ({ latenessMs: [], missed: 0 }),
    },
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
      const carry = (shape: LinkShape, work: () => void): void => {
        for (const atMs of arrivalsOf(shape, random, world.nowMs)) world.at(atMs, work)
      }
      const sent = { frames: 0, bytes: 0 }
      const sink: RoomSink = {
        frame(bytes) {
          sent.frames++
          sent.bytes += bytes.length
          carry(line.down, () => hear(bytes))
        },
        event: () => undefined,
        closed: () => undefined,
      }
      const { joined, input } = await engine.attach({ roomId: ROOM_ID, playerId, sink })
      const line: Line = { joined, sent, up, down, send: (frame) => carry(line.up, () => refusing(input, frame)) }
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
    close: () => engine.stop(),
  }
  world.every(game.tickMs, game.tickMs, () => {
    for (const room of [...ticking]) room.tick()
  })
  return world
}
