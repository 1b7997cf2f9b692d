import { execFile } from 'node:child_process'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'
import { needCommand, needKafka, startNginx, startRedis } from './engines.ts'
import { MAIN, type Member, memberOf } from './member.ts'
import { type ClusterPorts, claimPorts } from './ports.ts'
import { type Kind, MEMBERS, settingsOf } from './roles.ts'

/** To whoever watches the cluster. */
export interface Voice {
  /** What happens to all of it. */
  say(line: string): void
  /** For the lines of one process. */
  of(name: string): (line: string) => void
}

export interface ClusterOptions {
  readonly ports: ClusterPorts
  /** Kept from one start to the next. */
  readonly data: string
  /** Undefined: one of its own. */
  readonly redisUrl?: string | undefined
  /** `host:port,host:port`; undefined carries events over Postgres. */
  readonly kafkaBrokers?: string | undefined
  /** Of every process, as environment variables. */
  readonly settings?: Readonly<Record<string, string>>
  /** Whether processes that end unasked are started again. */
  readonly restart?: boolean
  readonly voice: Voice
  /** Gives the start up: what was started is stopped, and `startCluster` rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Two gateways, two processes with rooms, two with services and one for jobs, with a Postgres and a Redis of their own behind nginx. */
export interface RunningCluster {
  /** The web entrance. */
  readonly url: string
  /** Where its processes are found by `meydan top`. */
  readonly redisUrl: string
  readonly members: ReadonlyMap<string, Member>
  /** Entrance first, stores last. */
  stop(): Promise<void>
  /** For whom a stop takes too long: ends all members at once, whatever they were doing. `stop` then has little left to do. */
  kill(): void
}

const STOPPING_ORDER: readonly Kind[] = ['gateway', 'rooms', 'services']
const TELL_EVERY_MS = 2_000

/** Resolves when all of it is ready. Throws an OperatorError that says what to do, with nothing left running. */
export async function startCluster(options: ClusterOptions): Promise<RunningCluster> {
  const { ports, redisUrl, kafkaBrokers } = options
  await Promise.all([
    needCommand('nginx'),
    redisUrl === undefined && needCommand('redis-server'),
    kafkaBrokers !== undefined && needKafka(kafkaBrokers),
  ])
  await claimPorts(ports, redisUrl === undefined)
  const opened = new AsyncDisposableStack()
  try {
    const { members, redisUrl: shared } = await openAll(options, opened)
    return {
      url: `http://127.0.0.1:${ports.entrance}`,
      redisUrl: shared,
      members: new Map(members.map((member) => [member.role.name, member])),
      stop: () => opened.disposeAsync(),
      kill() {
        for (const member of members) void member.stop('SIGKILL')
      },
    }
  } catch (error) {
    await opened.disposeAsync()
    throw error
  }
}

interface Opened {
  readonly members: readonly Member[]
  readonly redisUrl: string
}

/** Stores first, entrance last; each as it was opened is to be closed by `opened`. */
async function openAll(options: ClusterOptions, opened: AsyncDisposableStack): Promise<Opened> {
  const { ports, data, redisUrl, kafkaBrokers, settings = {}, restart = false, voice, signal } = options
  voice.say('  … Postgres and Redis')
  await mkdir(data, { recursive: true })
  const stores = {
    postgresUrl: await openPostgres(opened, data),
    redisUrl: redisUrl ?? (await openRedis(opened, ports.redis, data, voice.of('redis'))),
    kafkaBrokers,
    secrets: await secretsIn(data),
    data,
  }
  signal?.throwIfAborted()
  const members = MEMBERS.map((role, index) =>
    memberOf({
      role,
      settings: { ...settings, ...settingsOf(role, ports.members[index] ?? 0, stores) },
      print: voice.of(role.name),
      restart,
    }),
  )
  opened.defer(() => stopAll(members))
  await startAll(members, voice, signal)
  const gateways = members.filter(({ role }) => role.kind === 'gateway').map(({ url }) => new URL(url).host)
  const layout = { folder: join(data, 'nginx'), port: ports.entrance, gateways }
  const nginx = await startNginx(layout, voice.of('nginx'))
  opened.defer(() => nginx.stop())
  signal?.throwIfAborted()
  return { members, redisUrl: stores.redisUrl }
}

async function openPostgres(opened: AsyncDisposableStack, dataDir: string): Promise<string> {
  const log = createLog({ level: 'warn', pretty: true, name: 'cluster' })
  const postgres = await startEmbeddedPostgres({ dataDir, log })
  opened.defer(() => postgres.stop())
  return postgres.url
}

async function openRedis(
  opened: AsyncDisposableStack,
  port: number,
  data: string,
  print: (line: string) => void,
): Promise<string> {
  const redis = await startRedis(port, join(data, 'redis'), print)
  opened.defer(() => redis.stop())
  return `redis://127.0.0.1:${port}`
}

async function secretsIn(folder: string): Promise<string> {
  const path = join(folder, 'secrets.json')
  const isThere = await access(path).then(
    () => true,
    () => false,
  )
  if (!isThere) {
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'secrets'])
    await writeFile(path, stdout, { mode: 0o600 })
  }
  return path
}

/** All at once; says who is ready, and from time to time who is not and why. */
async function startAll(members: readonly Member[], voice: Voice, signal: AbortSignal | undefined): Promise<void> {
  voice.say(`  … ${members.length} processes`)
  const telling = setInterval(() => voice.say(`  … ${waiting(members)}`), TELL_EVERY_MS)
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  const started = members.map(async (member) => {
    await member.start()
    voice.say(`  ✓ ${member.role.name}`)
  })
  try {
    await Promise.race([Promise.all(started), aborted])
  } finally {
    clearInterval(telling)
  }
}

/** Who waits for what: `the number 3: rooms-1, rooms-2`. */
function waiting(members: readonly Member[]): string {
  const late = members.filter(({ waitsFor }) => waitsFor !== undefined)
  const reasons = Map.groupBy(late, ({ waitsFor }) => waitsFor)
  return [...reasons].map(([reason, of]) => `${reason}: ${of.map(({ role }) => role.name).join(', ')}`).join('; ')
}

async function stopAll(members: readonly Member[]): Promise<void> {
  for (const kind of STOPPING_ORDER) {
    await Promise.all(members.filter(({ role }) => role.kind === kind).map((member) => member.stop()))
  }
}
