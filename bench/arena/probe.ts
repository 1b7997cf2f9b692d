import { z } from 'zod'
import { CORES, startOn } from '../measure/child.ts'
import { rounded } from '../measure/numbers.ts'
import type { Contestant } from './contestants.ts'
import { LoadMeasured, Opened, ServerMeasured } from './messages.ts'
import { PLAYERS } from './scene.ts'

export interface ProbeAsked {
  readonly contestant: Contestant
  readonly rooms: number
  /** Moving avatars in each room. */
  readonly entities: number
  readonly warmUpMs: number
  readonly windowMs: number
  readonly inputEveryMs: number
  /** Where a CPU profile of the server is kept. */
  readonly profiles?: string | undefined
}

/** What one server did with so many rooms for a few seconds. */
export interface Probe {
  readonly rooms: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly missed: number
  readonly ticksPerS: number
  /** Frames that a client was sent a second. */
  readonly framesPerS: number
  /** Of a frame, with what WebSocket adds to it. */
  readonly bytesPerFrame: number
  readonly bytesPerClientS: number
  /** The server's CPU time for one tick of one room: its rules, its frames and the inputs that came meanwhile. */
  readonly cpuUsPerTick: number
  readonly serverCore: number
  readonly loadCore: number
}

const Nothing = z.object({})

/** Starts a server and its players, lets them play themselves warm, and measures one window. */
export async function probe(asked: ProbeAsked): Promise<Probe> {
  const { contestant, rooms, entities, inputEveryMs, profiles } = asked
  const env = { NODE_ENV: 'production' }
  const nodeFlags =
    profiles === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${contestant}.cpuprofile`]
  const setup = JSON.stringify({ contestant, entities })
  const server = startOn(CORES.server, new URL('server.ts', import.meta.url), [setup], { env, nodeFlags })
  const load = startOn(CORES.load, new URL('load.ts', import.meta.url), [], { env })
  try {
    const { port, seats } = Opened.parse(await server.ask({ ask: 'open', rooms }))
    Nothing.parse(await load.ask({ ask: 'connect', contestant, port, seats, inputEveryMs }))
    await passed(asked.warmUpMs)
    await Promise.all([server.ask({ ask: 'begin' }), load.ask({ ask: 'begin' })])
    await passed(asked.windowMs)
    const [served, loaded] = await Promise.all([server.ask({ ask: 'end' }), load.ask({ ask: 'end' })])
    return summed(rooms, ServerMeasured.parse(served), LoadMeasured.parse(loaded))
  } finally {
    await load.stop()
    await server.stop()
  }
}

function summed(rooms: number, served: z.output<typeof ServerMeasured>, loaded: LoadMeasured): Probe {
  const { lateness, cpuMs, wallMs } = served
  const clientSeconds = (rooms * PLAYERS * loaded.wallMs) / 1_000
  return {
    rooms,
    p50Ms: rounded(lateness.p50Ms),
    p99Ms: rounded(lateness.p99Ms),
    maxMs: rounded(lateness.maxMs, 1),
    missed: lateness.missed,
    ticksPerS: rounded(lateness.ticks / rooms / (wallMs / 1_000), 1),
    framesPerS: rounded(loaded.frames / clientSeconds, 1),
    bytesPerFrame: rounded(loaded.bytes / Math.max(1, loaded.frames), 1),
    bytesPerClientS: Math.round(loaded.bytes / clientSeconds),
    cpuUsPerTick: rounded((cpuMs * 1_000) / Math.max(1, lateness.ticks), 1),
    serverCore: rounded(cpuMs / wallMs),
    loadCore: rounded(loaded.cpuMs / loaded.wallMs),
  }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
