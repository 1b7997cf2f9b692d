import { ASSUMPTIONS } from './assumptions.ts'

/** The arithmetic from what one of everything costs to what so many players need. Pure: the same costs and demand give the same need. */

export const ROLES = ['gateway', 'rooms', 'services', 'jobs', 'redis', 'postgres'] as const
export type Role = (typeof ROLES)[number]
const PROCESSES = ['gateway', 'rooms', 'services', 'jobs'] as const
/** Counted beside CPU time. */
export const COUNTED = ['redisCommands', 'redisBytes', 'statements', 'commits', 'walBytes', 'events'] as const
export type Counted = (typeof COUNTED)[number]

/** What one of something costs: CPU time of each role in µs, and what is counted. */
export interface Cost {
  readonly cpuUs: { readonly [role in Role]: number }
  readonly counted: { readonly [name in Counted]: number }
}

/** For one player and second: online whatever they do, and besides for playing and for waiting. For one match, sign-up and sign-in. */
export interface Costs {
  readonly online: Cost
  readonly playing: Cost
  readonly queued: Cost
  readonly match: Cost
  readonly signUp: Cost
  readonly signIn: Cost
  /** CPU time of the matcher and its database for each room that plays and second, in each process that looks. */
  readonly lookUsPerRoom: { readonly services: number; readonly postgres: number }
  readonly bytesPerSocket: number
  readonly bytesPerProcess: number
  /** For one playing player and second. */
  readonly net: {
    readonly toClientBytes: number
    readonly fromClientBytes: number
    readonly snapshots: number
    readonly inputs: number
    readonly roomsToGatewayBytes: number
    readonly gatewayToRoomsBytes: number
  }
}

export interface Demand {
  /** Online at once. */
  readonly players: number
  /** The part of them that plays. */
  readonly playing: number
  readonly matchS: number
  /** From signing in to leaving. */
  readonly sessionS: number
}

/** How many there are of everything, or how often it happens in a second. */
export interface Rates {
  readonly online: number
  readonly playing: number
  readonly queued: number
  readonly match: number
  readonly signUp: number
  readonly signIn: number
  readonly rooms: number
}

export interface Need {
  readonly rates: Rates
  readonly cores: { readonly [role in Role]: number }
  /** Processes of the platform, each with a core of its own that is kept below the utilisation. */
  readonly processes: { readonly [role in (typeof PROCESSES)[number]]: number }
  readonly perS: { readonly [name in Counted]: number }
  readonly gatewayBytes: number
  /** Bytes a second: to and from clients with their packets' headers, and between rooms and gateways. */
  readonly net: { readonly out: number; readonly in: number; readonly lines: number }
  /** What there is only so much of, the fullest first. */
  readonly limits: readonly Limit[]
}

export interface Limit {
  readonly what: string
  readonly why: string
  /** The part of it that is used. */
  readonly used: number
  /** Players at which all of it is, everything else being as it is. */
  readonly players: number
}

const ACTIVITIES = ['online', 'playing', 'queued', 'match', 'signUp', 'signIn'] as const
const US_PER_S = 1e6
const of = ASSUMPTIONS

export function ratesOf({ players, playing: part, matchS, sessionS }: Demand): Rates {
  const playing = players * part
  const rooms = playing / of.seatsTaken.value
  const match = rooms / matchS
  const arrivals = players / sessionS
  return {
    online: players,
    playing,
    queued: match * of.seatsTaken.value * of.waitS.value,
    match,
    signUp: arrivals * of.newPart.value,
    signIn: arrivals * (1 - of.newPart.value),
    rooms,
  }
}

export function needOf(costs: Costs, demand: Demand): Need {
  const rates = ratesOf(demand)
  const sum = (one: (cost: Cost) => number): number =>
    ACTIVITIES.reduce((total, activity) => total + rates[activity] * one(costs[activity]), 0)
  const looked = (us: number): number => (rates.rooms * us * of.matchingProcesses.value) / US_PER_S
  const looks = { services: looked(costs.lookUsPerRoom.services), postgres: looked(costs.lookUsPerRoom.postgres) }
  const lookOf = (role: Role): number => (role === 'services' || role === 'postgres' ? looks[role] : 0)
  const cores = byName(ROLES, (role) => sum(({ cpuUs }) => cpuUs[role]) / US_PER_S + lookOf(role))
  const processes = processesOf(cores, rates)
  const perS = byName(COUNTED, (name) => sum(({ counted }) => counted[name]))
  const { net } = costs
  return {
    rates,
    cores,
    processes,
    perS,
    gatewayBytes: demand.players * costs.bytesPerSocket + processes.gateway * costs.bytesPerProcess,
    net: {
      out: rates.playing * (net.toClientBytes + net.snapshots * of.packetBytes.value),
      in: rates.playing * (net.fromClientBytes + net.inputs * of.packetBytes.value),
      lines: rates.playing * (net.roomsToGatewayBytes + net.gatewayToRoomsBytes),
    },
    limits: limitsOf(demand, { cores, processes, look: looks.services + looks.postgres }),
  }
}

function processesOf(cores: Need['cores'], { online, rooms }: Rates): Need['processes'] {
  const byCpu = byName(PROCESSES, (role) => Math.ceil(cores[role] / of.utilisation.value))
  return {
    gateway: Math.max(byCpu.gateway, Math.ceil(online / of.socketsPerGateway.value)),
    rooms: Math.max(byCpu.rooms, Math.ceil(rooms / of.roomsPerProcess.value)),
    services: Math.max(byCpu.services, of.matchingProcesses.value),
    jobs: Math.max(byCpu.jobs, 1),
  }
}

interface Load {
  readonly cores: Need['cores']
  readonly processes: Need['processes']
  /** The part of its time that the matcher of one game is busy. */
  readonly look: number
}

function limitsOf({ players }: Demand, { cores, processes, look }: Load): Limit[] {
  const all = PROCESSES.reduce((sum, role) => sum + processes[role], 0)
  const withDatabase = all - processes.gateway
  const limits = [
    {
      what: 'Redis',
      why: 'one server, which runs commands on one core',
      used: cores.redis / (of.redisServers.value * of.utilisation.value),
    },
    {
      what: 'Postgres, CPU',
      why: `one server of ${of.postgresCores.value} cores`,
      used: cores.postgres / (of.postgresCores.value * of.utilisation.value),
    },
    {
      what: 'Postgres, connections',
      why: `${of.pool.value} for each process but gateways`,
      used: (withDatabase * of.pool.value) / of.postgresConnections.value,
    },
    { what: 'the matcher of a game', why: 'one look at a time, which reads every room that plays', used: look },
    {
      what: 'numbers of processes',
      why: 'ten bits of every id',
      used: all / of.processNumbers.value,
    },
  ]
  return limits.map((limit) => ({ ...limit, players: players / limit.used })).sort((a, b) => b.used - a.used)
}

function byName<Name extends string>(names: readonly Name[], of: (name: Name) => number): { [name in Name]: number } {
  // `fromEntries` forgets which names it was given.
  return Object.fromEntries(names.map((name) => [name, of(name)])) as { [name in Name]: number }
}
