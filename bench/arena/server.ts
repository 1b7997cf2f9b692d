import { serveParent } from '../measure/child.ts'
import { openBare } from './bare.ts'
import { openColyseus } from './colyseus.ts'
import type { Contestant } from './contestants.ts'
import { type Seat, ServerAsked, type ServerMeasured, ServerSetup } from './messages.ts'
import { openMeydan } from './meydan.ts'
import { Stopwatch, type Watch } from './stopwatch.ts'

/** A server with rooms in it. */
export interface RoomServer {
  readonly port: number
  /** Opens a room and gives the seats in it. */
  open(): Promise<Seat[]>
  /** Where the server knows more of its own lateness. */
  readonly own?: Watch
  close(): Promise<void>
}

/** Opens one contestant's server: `node server.ts '{"contestant": …}'`. Of how it does is told only what is asked. */
const { contestant, entities } = ServerSetup.parse(JSON.parse(process.argv[2] ?? ''))
const watch = new Stopwatch()
const onTick = (room: object): void => watch.ticked(room)

const SERVERS: { readonly [name in Contestant]: () => Promise<RoomServer> } = {
  meydan: () => openMeydan({ game: 'scene', entities, onTick }),
  arena: () => openMeydan({ game: 'arena', sendEveryTicks: undefined, onTick }),
  'arena-each-tick': () => openMeydan({ game: 'arena', sendEveryTicks: 1, onTick }),
  colyseus: () => openColyseus(entities, onTick),
  ws: () => openBare(entities, onTick),
}
const server = await SERVERS[contestant]()

/** Rooms begin at no particular moment of one another's tick. */
const APART_MS_MAX = 12

let cpu = process.cpuUsage()
let beganMs = 0

serveParent(
  async (message) => {
    const asked = ServerAsked.parse(message)
    if (asked.ask === 'open') {
      const seats: Seat[] = []
      for (let index = 0; index < asked.rooms; index++) {
        seats.push(...(await server.open()))
        await new Promise((resolve) => setTimeout(resolve, Math.random() * APART_MS_MAX))
      }
      return { port: server.port, seats }
    }
    if (asked.ask === 'begin') {
      watch.reset()
      server.own?.reset()
      cpu = process.cpuUsage()
      beganMs = performance.now()
      return {}
    }
    return measured()
  },
  () => server.close(),
)

/** Of two views of the same lateness the worse one counts. */
function measured(): typeof ServerMeasured._output {
  const { user, system } = process.cpuUsage(cpu)
  const wallMs = performance.now() - beganMs
  const seen = watch.measured()
  const own = server.own?.measured() ?? seen
  const worse = (of: 'p50Ms' | 'p99Ms' | 'maxMs' | 'missed'): number => Math.max(seen[of], own[of])
  const lateness = {
    ticks: seen.ticks,
    p50Ms: worse('p50Ms'),
    p99Ms: worse('p99Ms'),
    maxMs: worse('maxMs'),
    missed: worse('missed'),
  }
  return { lateness, cpuMs: (user + system) / 1_000, wallMs }
}
