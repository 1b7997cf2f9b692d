import { type Random, seededRandom } from '@meydan/contracts/core'
import { arena } from '@meydan/games/arena'
import { Room } from '@meydan/sdk'
import type { LinkShape } from './link.ts'
import { type ArenaRoom, Screen, type Shot } from './screen.ts'
import type { Line, World } from './world.ts'

/** How long one frame of a screen is shown, ms. */
export type FrameMs = (random: Random) => number

/** 60 Hz, as most have. */
const SIXTY_HZ: FrameMs = () => 1_000 / 60
/** 20 frames a second, one in thirty of which takes six times as long: a phone that is busy with other things. */
export const SLOW: FrameMs = (random) => (random.float() < 1 / 30 ? 300 : 50)

/** A client as the page is one: the SDK's room and play, at the end of a bad line. Who plays it sees nothing but its screen. */
export interface Person {
  readonly seat: number
  readonly room: ArenaRoom
  /** The one there is now. */
  readonly line: Line
  readonly play: Screen['play']
  readonly tracers: Screen['tracers']
  /** Takes the seat again, over a line like the one that was cut. */
  comeBack(): Promise<void>
}

export async function seatPerson(
  world: World,
  playerId: string,
  link: { readonly up: LinkShape; readonly down: LinkShape },
  see: (seen: Shot) => void = () => undefined,
  frameMs: FrameMs = SIXTY_HZ,
): Promise<Person> {
  const connect = () => world.connect(playerId, link.up, link.down, (frame) => room.receive(frame))
  let line = await connect()
  const room: ArenaRoom = new Room(line.joined, arena, {
    send: (frame) => line.send(frame),
    leave: async () => undefined,
    nowMs: () => world.nowMs,
    isOpen: () => line.isOpen,
  })
  const { seat } = line.joined
  const random = seededRandom(seat * 7_919 + world.random.int(0, 1 << 30))
  const screen = new Screen(room, random)
  const draw = (): void => {
    see(screen.draw(world.nowMs))
    world.at(world.nowMs + frameMs(random), draw)
  }
  // Screens do not refresh in step with the server, or with one another.
  world.at(world.random.float() * frameMs(random), draw)
  return {
    seat,
    room,
    play: screen.play,
    tracers: screen.tracers,
    get line() {
      return line
    },
    async comeBack() {
      line = await connect()
      room.rejoined(line.joined)
    },
  }
}
