import type { Answer } from './asking.ts'
import type { Sample } from './exposition.ts'
import { type Measured, measured } from './measuring.ts'

/** A process as it is listed. */
export interface Listed {
  /** `node-3`, or its address before it has said who it is. */
  readonly name: string
  readonly url: string | null
  /** What it said of itself last. */
  readonly roles: string | undefined
  readonly version: string | undefined
  readonly region: string | undefined
  /** `ready`, `draining`, `not ready`, or `silent`. */
  readonly state: string
  /** ms since 1970; of a silent one. */
  readonly silentSinceMs: number | undefined
  /** Absent of a silent one. */
  readonly measured: Measured | undefined
}

/** What a process needs, as the processes that need it see it. */
export interface Store {
  readonly name: string
  /** Empty while everybody reaches it. */
  readonly troubles: readonly { readonly process: string; readonly why: string }[]
}

/** The running platform at one moment. */
export interface Overview {
  readonly atMs: number
  readonly processes: readonly Listed[]
  readonly stores: readonly Store[]
  readonly totals: Totals
}

export interface Totals {
  readonly rooms: number
  readonly players: number
  readonly watchers: number
  /** The latest of all processes. */
  readonly lateMs: number | undefined
  readonly sockets: number
  readonly sessions: number
  readonly callsPerS: number
  readonly errorsPerS: number
  /** Players who wait for a match. */
  readonly queued: number
  /** Events that wait on the bus. */
  readonly eventsWaiting: number
  /** Age of the oldest event that is not on the bus yet. */
  readonly outboxLagS: number
  /** Events given up on, by who should have heard them. */
  readonly deadLetters: Readonly<Record<string, number>>
}

/** What is known of a process now. */
export interface Seen {
  readonly name: string
  readonly url: string | null
  /** Oldest first; empty before the first. */
  readonly answers: readonly Answer[]
  readonly silentSinceMs: number | undefined
}

/** Joins what the processes say into one picture. */
export function overview(seen: readonly Seen[], atMs: number): Overview {
  const processes = seen.map(listed)
  const answers = seen.flatMap(({ answers, silentSinceMs }) => (silentSinceMs === undefined ? answers.slice(-1) : []))
  return { atMs, processes, stores: storesOf(seen, processes), totals: totalsOf(processes, answers) }
}

function listed({ name, url, answers, silentSinceMs }: Seen): Listed {
  const last = answers.at(-1)
  const { process, roles, version, region } = last?.samples.find(isInfo)?.labels ?? {}
  const isSilent = silentSinceMs !== undefined || !last
  return {
    name: process ?? name,
    url,
    roles,
    version,
    region,
    state: isSilent ? 'silent' : last.status,
    silentSinceMs,
    measured: isSilent ? undefined : measured(last, answers.slice(0, -1)),
  }
}

const isInfo = ({ name }: Sample): boolean => name === 'meydan_process_info'

function storesOf(seen: readonly Seen[], processes: readonly Listed[]): Store[] {
  const told = seen.flatMap(({ answers, silentSinceMs }, index) =>
    Object.entries(silentSinceMs === undefined ? (answers.at(-1)?.checks ?? {}) : {}).map(([name, why]) => ({
      name,
      why,
      process: processes[index]?.name ?? '',
    })),
  )
  return [...Map.groupBy(told, ({ name }) => name)].map(([name, all]) => ({
    name,
    troubles: all.flatMap(({ process, why }) => (why === 'ok' ? [] : [{ process, why }])),
  }))
}

function totalsOf(processes: readonly Listed[], answers: readonly Answer[]): Totals {
  const figures = (name: keyof Measured): number[] => processes.flatMap(({ measured: figure }) => figure?.[name] ?? [])
  const sum = (name: keyof Measured): number => figures(name).reduce((total, value) => total + value, 0)
  const late = figures('lateMs')
  // Queue, bus and outbox are everybody's: each process tells the same of them.
  const shared = (name: string, label?: string): Map<string, number> => mostBy(answers, name, label)
  const dead = [...shared('meydan_bus_dead_letters', 'group')].filter(([, count]) => count > 0)
  return {
    rooms: sum('rooms'),
    players: sum('players'),
    watchers: sum('watchers'),
    lateMs: late.length === 0 ? undefined : Math.max(...late),
    sockets: sum('sockets'),
    sessions: sum('sessions'),
    callsPerS: sum('callsPerS'),
    errorsPerS: sum('errorsPerS'),
    queued: Math.max(0, ...shared('meydan_queue_depth').values()),
    eventsWaiting: [...shared('meydan_bus_depth', 'group').values()].reduce((total, value) => total + value, 0),
    outboxLagS: Math.max(0, ...shared('meydan_outbox_lag_seconds', 'service').values()),
    deadLetters: Object.fromEntries(dead),
  }
}

/** The highest value that any process tells, for each value of the label. */
function mostBy(answers: readonly Answer[], name: string, label = ''): Map<string, number> {
  const most = new Map<string, number>()
  for (const sample of answers.flatMap(({ samples }) => samples)) {
    if (sample.name !== name) continue
    const key = sample.labels[label] ?? ''
    most.set(key, Math.max(most.get(key) ?? 0, sample.value))
  }
  return most
}
