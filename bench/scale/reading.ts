import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Postgres } from '@meydan/drivers/postgres'
import { z } from 'zod'
import { postgresUsAmong } from '../measure/postgres-use.ts'
import { processes } from '../measure/proc.ts'
import type { Cluster } from './cluster.ts'
import { commandsAsked, type RedisInfo, redisInfo } from './texts.ts'

/** Counters that only grow, by name. */
export type Counters = Readonly<Record<string, number>>

/** What a cluster has used since it began. */
export interface Reading {
  readonly atMs: number
  /** CPU time by process; `redis` and `postgres` are the engines', with all their processes. */
  readonly cpuUs: Counters
  /** Commands that the platform asked of Redis, under its own names, of which a script is one. */
  readonly asked: Counters
  /** Commands as Redis counts them (`INFO commandstats`): a script, and each command in it. */
  readonly commands: Counters
  /** Bytes to and from Redis. */
  readonly redis: Counters
  readonly postgres: Counters
  /** Bytes on the mesh ports of the processes that have rooms: `sent` to gateways, `received` from them. */
  readonly lines: Counters
}

const GROUPS = ['cpuUs', 'asked', 'commands', 'redis', 'postgres', 'lines'] as const
export type Group = (typeof GROUPS)[number]

/** What was used between two readings, in `seconds`. */
export type Used = { readonly [group in Group]: Counters } & { readonly seconds: number }

/** Reads everything that is counted of a cluster. */
export async function read(cluster: Cluster, postgres: Postgres): Promise<Reading> {
  const [cpuUs, asked, redis, counted, lines] = await Promise.all([
    cpuOf(cluster),
    askedOf(cluster),
    redisOf(cluster),
    postgresOf(postgres),
    linesOf(cluster),
  ])
  return {
    atMs: performance.now(),
    cpuUs: { ...cpuUs, ...(redis && { redis: redis.cpuUs }) },
    asked,
    redis: redis?.redis ?? {},
    commands: redis?.commands ?? {},
    postgres: counted,
    lines,
  }
}

export function between(before: Reading, after: Reading): Used {
  const groups = GROUPS.map((group) => [group, minus(after[group], before[group])] as const)
  return { seconds: (after.atMs - before.atMs) / 1_000, ...(Object.fromEntries(groups) as Record<Group, Counters>) }
}

/** For one of `units`, less what `floor` (for one second) would have used by itself. */
export function perUnit(used: Used, units: number, floor?: Record<Group, Counters>): Record<Group, Counters> {
  const share = (group: Group): Counters =>
    mapped(minus(used[group], floor ? scaled(floor[group], used.seconds) : {}), (value) => significant(value / units))
  return Object.fromEntries(GROUPS.map((group) => [group, share(group)])) as Record<Group, Counters>
}

/** Of a window a second. */
export const perSecond = (used: Used): Record<Group, Counters> => perUnit(used, used.seconds)

const scaled = (counters: Counters, by: number): Counters => mapped(counters, (value) => value * by)

function mapped(counters: Counters, change: (value: number) => number): Counters {
  return Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, change(value)]))
}

function minus(from: Counters, what: Counters): Counters {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, value - (what[name] ?? 0)]))
}

/** Three digits, since no measurement here has more. */
const significant = (value: number): number => Number(value.toPrecision(3))

export async function cpuOf({ members, redis, postgresParent }: Cluster): Promise<Counters> {
  const all = await processes()
  const of = (pid: number): number => all.find((each) => each.pid === pid)?.ownUs ?? 0
  return {
    ...Object.fromEntries(members.map(({ name, pid }) => [name, of(pid)])),
    ...(redis && { redis: of(redis.pid) }),
    postgres: postgresUsAmong(all, postgresParent) ?? 0,
  }
}

async function askedOf({ members }: Cluster): Promise<Counters> {
  const texts = await Promise.all(
    members.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
  )
  return commandsAsked(texts)
}

const run = promisify(execFile)

async function redisOf({ redis }: Cluster): Promise<RedisInfo | undefined> {
  if (!redis) return undefined
  const { stdout } = await run('redis-cli', ['-p', String(redis.port), 'info', 'all'])
  return redisInfo(stdout)
}

const Row = z.object({
  statements: z.coerce.number(),
  events: z.coerce.number(),
  commits: z.coerce.number(),
  wal_bytes: z.coerce.number(),
})

async function postgresOf(postgres: Postgres): Promise<Counters> {
  const { rows } = await postgres.pool.query(
    `select (select sum(calls) from pg_stat_statements where query !~* '^(begin|commit|rollback)') as statements,
       (select coalesce(sum(rows), 0) from pg_stat_statements where query ~* '^insert into \\S*outbox') as events,
       (select xact_commit from pg_stat_database where datname = current_database()) as commits,
       pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as wal_bytes`,
  )
  const { wal_bytes: walBytes, ...counted } = Row.parse(rows[0])
  return { ...counted, walBytes }
}

async function linesOf({ members }: Cluster): Promise<Counters> {
  const ports = members.flatMap(({ name, meshPort }) => (name.startsWith('rooms') ? [`sport = :${meshPort}`] : []))
  if (ports.length === 0) return {}
  const { stdout } = await run('ss', ['-tinH', 'state', 'established', `( ${ports.join(' or ')} )`])
  const sum = (field: string): number =>
    [...stdout.matchAll(new RegExp(`\\b${field}:(\\d+)`, 'g'))].reduce((total, [, bytes]) => total + Number(bytes), 0)
  return { sent: sum('bytes_sent'), received: sum('bytes_received') }
}
