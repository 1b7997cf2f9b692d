import { setTimeout as delay } from 'node:timers/promises'
import { CORES } from '../measure/child.ts'
import { rounded } from '../measure/numbers.ts'
import { type Production, production } from '../measure/production.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { type People, startPeople } from './crowd.ts'
import type { Member, PeopleCounted } from './messages.ts'
import { type Opener, roomOpener, SEATS } from './opening.ts'
import { cpuOf } from './reading.ts'
import { background, measuredSettings, member } from './shapes.ts'
import { type Ticks, ticksIn } from './texts.ts'

/** How many rooms tick in time: in one process that does everything, in one beside a gateway, and in two. */

/** Each is looked at on top of the one before, in the same processes. */
const RUNGS = [10, 20, 40, 60, 80, 100, 120, 140, 160]
const SETTLE_MS = 3_500
const WINDOW_MS = 3_500
/** DESIGN §9: p99 ≤ 2 ms, none missed. */
const CLEAN_PART_MIN = 0.99
const INPUT_EVERY_MS = 30
const ROOMS_MAX = '1000'

interface Shape {
  readonly name: string
  readonly pinning: string
  readonly members: readonly Member[]
  readonly redis: boolean
}

const SHAPES: readonly Shape[] = [
  {
    name: 'one process',
    pinning: 'the process on core 0; Postgres and the players on core 1',
    members: [member('rooms-all', 'all')],
    redis: false,
  },
  {
    name: 'a gateway, a rooms process',
    pinning: 'rooms on core 0; all else and the players on core 1',
    members: [...background(CORES.load), member('rooms-1', 'rooms'), member('gateway-1', 'gateway', CORES.load)],
    redis: true,
  },
  {
    name: 'a gateway, two rooms processes',
    pinning: 'one on core 0; the other, all else and the players on core 1',
    members: [
      ...background(CORES.load),
      member('rooms-1', 'rooms'),
      member('rooms-2', 'rooms', CORES.load),
      member('gateway-1', 'gateway', CORES.load),
    ],
    redis: true,
  },
]

/** What one number of rooms was like. */
interface Rung {
  readonly rooms: number
  /** The part of all ticks that was at most 2 ms late. */
  readonly cleanPart: number
  readonly missed: number
  /** The part of a core that each process had, and the players'. */
  readonly cores: Readonly<Record<string, number>>
  readonly snapshotsPerS: number
  readonly inputsPerS: number
}

type Say = (line: string) => void

export async function measureRooms(say: Say) {
  const own = await production()
  try {
    const shapes = []
    for (const shape of SHAPES) {
      say(`  ${shape.name} (${shape.pinning})`)
      const rungs = await climb(shape, own, say)
      const best = rungs.findLast(isClean)
      say(`    clean: ${best?.rooms ?? 0} rooms`)
      const { name, pinning } = shape
      shapes.push({ name, pinning, roomsClean: best?.rooms ?? 0, reachedEnd: best?.rooms === RUNGS.at(-1), rungs })
    }
    return { game: 'arena', seats: SEATS, inputEveryMs: INPUT_EVERY_MS, clean: { p99Ms: 2, missed: 0 }, shapes }
  } finally {
    await own.remove()
  }
}

const isClean = ({ cleanPart, missed }: Rung): boolean => cleanPart >= CLEAN_PART_MIN && missed === 0

/** Up to the first number of rooms that is late, also when it is looked at again. */
async function climb({ members, redis }: Shape, own: Production, say: Say): Promise<Rung[]> {
  const settings = { ...measuredSettings(own), MEYDAN_ROOMS_MAX: ROOMS_MAX }
  const cluster = await startCluster({ members: [...members], settings, redis })
  const opener = roomOpener(own.mesh)
  const people = startPeople()
  const all = { cluster, opener, people, keys: own.keys }
  const rungs: Rung[] = []
  try {
    for (const rooms of RUNGS) {
      await fill(all, rungs.at(-1)?.rooms ?? 0, rooms)
      await delay(SETTLE_MS)
      let rung = await look(all, rooms)
      if (!isClean(rung)) rung = await look(all, rooms)
      rungs.push(rung)
      say(`    ${line(rung)}`)
      if (!isClean(rung)) break
    }
    return rungs
  } finally {
    await people.stop()
    await opener.close()
    await cluster.stop()
  }
}

interface Running {
  readonly cluster: Cluster
  readonly opener: Opener
  readonly people: People
  readonly keys: Production['keys']
}

const roomsProcesses = ({ members }: Cluster) => members.filter(({ name }) => name.startsWith('rooms'))

/** More rooms, an equal part in each process, and everybody in their seats. */
async function fill({ cluster, opener, people, keys }: Running, before: number, rooms: number): Promise<void> {
  const hosts = roomsProcesses(cluster)
  const more = (rooms - before) / hosts.length
  const first = before * SEATS
  const ports =
    hosts.length === 1 && hosts[0]?.name === 'rooms-all' ? cluster.portsOf('rooms') : cluster.portsOf('gateway')
  await people.ask({ ask: 'connect', ports, keys, first, count: (rooms - before) * SEATS })
  for (const [index, host] of hosts.entries()) {
    const from = first + index * more * SEATS
    await people.ask({ ask: 'join', first: from, roomIds: await opener.open(host, more, from) })
  }
  await people.ask({ ask: 'inputs', everyMs: INPUT_EVERY_MS })
}

async function look({ cluster, people }: Running, rooms: number): Promise<Rung> {
  const before = await glance(cluster, people)
  await delay(WINDOW_MS)
  const after = await glance(cluster, people)
  const seconds = (after.atMs - before.atMs) / 1_000
  const perS = (of: (at: Glance) => number): number => (of(after) - of(before)) / seconds
  const ran = perS(({ ticks }) => ticks.ran)
  const cores = Object.keys(after.cpuUs).map((name) => [name, rounded(perS(({ cpuUs }) => cpuUs[name] ?? 0) / 1e6, 3)])
  return {
    rooms,
    cleanPart: rounded(perS(({ ticks }) => ticks.clean) / ran, 4),
    missed: after.ticks.missed - before.ticks.missed,
    cores: { ...Object.fromEntries(cores), players: rounded(perS(({ met }) => met.cpuUs) / 1e6, 3) },
    snapshotsPerS: Math.round(perS(({ met }) => met.snapshots)),
    inputsPerS: Math.round(perS(({ met }) => met.inputs)),
  }
}

interface Glance {
  readonly atMs: number
  readonly cpuUs: Readonly<Record<string, number>>
  readonly ticks: Ticks
  readonly met: PeopleCounted
}

async function glance(cluster: Cluster, people: People): Promise<Glance> {
  const texts = roomsProcesses(cluster).map(async ({ port }) =>
    (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
  )
  const [ticks, cpuUs, met] = await Promise.all([Promise.all(texts), cpuOf(cluster), people.ask({ ask: 'count' })])
  const sum = ticks.map(ticksIn).reduce((all, each) => ({
    ran: all.ran + each.ran,
    clean: all.clean + each.clean,
    missed: all.missed + each.missed,
  }))
  return { atMs: performance.now(), cpuUs, ticks: sum, met }
}

function line(rung: Rung): string {
  const cores = Object.entries(rung.cores).map(([name, part]) => `${name} ${part}`)
  const clean = `${rounded(rung.cleanPart * 100)} % in time, ${rung.missed} missed`
  return `${String(rung.rooms).padStart(4)} rooms: ${clean}${isClean(rung) ? '' : ' (late)'}; cores: ${cores.join(', ')}`
}
