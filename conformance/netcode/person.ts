import { seededRandom } from '@meydan/contracts/core'
import { arena } from '@meydan/games/arena'
import { Room } from '@meydan/sdk'
import type { LinkShape } from './link.ts'
import { type ArenaRoom, Screen, type Shot } from './screen.ts'
import type { Line, World } from './world.ts'

/** A screen at 60 Hz, as a person's would be. */
const FRAME_MS = 1_000 / 60

/** A client as the page is one: the SDK's room and play, at the end of a bad line. Who plays it sees nothing but its screen. */
export interface Person {
  readonly seat: number
  readonly room: ArenaRoom
  readonly line: Line
  readonly play: Screen['play']
  readonly tracers: Screen['tracers']
}

export async function seatPerson(
  world: World,
  playerId: string,
  link: { readonly up: LinkShape; readonly down: LinkShape },
  see: (seen: Shot) => void = () => undefined,
): Promise<Person> {
  const line = await world.connect(playerId, link.up, link.down, (frame) => room.receive(frame))
  const room: ArenaRoom = new Room(line.joined, arena, {
    send: (frame) => line.send(frame),
    leave: async () => undefined,
    nowMs: () => world.nowMs,
  })
  const { seat } = line.joined
  const screen = new Screen(room, seededRandom(seat * 7_919 + world.random.int(0, 1 << 30)))
  // Screens do not refresh in step with the server, or with one another.
  world.every(FRAME_MS, world.random.float() * FRAME_MS, () => see(screen.draw(world.nowMs)))
  return { seat, room, line, play: screen.play, tracers: screen.tracers }
}
