import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, type RunningPlatform, startPlatform, writeSecrets } from '@meydan/conformance/platform'
import { type Balancer, startBalancer } from './balancer.ts'
import type { Engines } from './engines.ts'
import { ALL_SERVICES } from './ground.ts'

/** One life of a process. */
export interface Life {
  readonly platform: RunningPlatform
  /** When it was over, ms since 1970; undefined while it lasts. */
  endedAtMs: number | undefined
  /** Somebody wanted it to end. */
  wanted: boolean
}

/** A process of the installation, which may have several lives. */
export interface Member {
  /** As the registry of rooms names it. */
  readonly name: string
  readonly roles: string
  readonly url: string
  readonly lives: readonly Life[]
  /** Sends a signal to the life that is now. With one that ends it, resolves when it has ended. */
  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** Again, at the same address; resolves when it is ready. */
  start(): Promise<void>
}

/** Real processes with real engines: two gateways behind one address, two with rooms, one with all other services. */
export interface Installation {
  readonly url: string
  readonly gateways: readonly Member[]
  readonly rooms: readonly Member[]
  readonly members: readonly Member[]
  /** Writes what each life of each process has printed into a file of its own. */
  writeLogs(folder: string): Promise<void>
  close(): Promise<void>
}

/** Under faults, and with other work on the machine. */
const READY_MS_MAX = 120_000

export async function startInstallation(
  engines: Engines,
  settings: Readonly<Record<string, string>>,
): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-installation-'))
  const shared = {
    MEYDAN_ENV: 'production',
    MEYDAN_LOG: 'info',
    MEYDAN_SECRETS: await writeSecrets(folder),
    MEYDAN_POSTGRES_URL: engines.postgresUrl,
    MEYDAN_POSTGRES_POOL: '6',
    MEYDAN_REDIS_URL: engines.redis.url,
    MEYDAN_KAFKA_BROKERS: engines.kafka.address,
    MEYDAN_LIMIT_SCALE: '1000',
    MEYDAN_ADDRESS_LIMIT: '1000000',
    ...settings,
  }
  const services = await member(shared, ALL_SERVICES, 1)
  const gateways = await Promise.all([member(shared, 'gateway', 2), member(shared, 'gateway', 3)])
  const rooms = await Promise.all([member(shared, 'rooms', 11), member(shared, 'rooms', 12)])
  const members = [services, ...gateways, ...rooms]
  const balancer: Balancer = await startBalancer(gateways.map(({ url }) => Number(new URL(url).port)))
  const close = async (): Promise<void> => {
    await balancer.close()
    await Promise.all(members.map((each) => each.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    // One after the other: side by side they would all be late on a busy machine.
    for (const each of [services, ...rooms, ...gateways]) await each.start()
  } catch (error) {
    await close()
    throw error
  }
  const writeLogs = async (to: string): Promise<void> => {
    await mkdir(to, { recursive: true })
    for (const { name, lives } of members)
      for (const [index, { platform }] of lives.entries())
        await writeFile(join(to, `${name}-${index + 1}.log`), platform.output())
  }
  return { url: balancer.url, gateways, rooms, members, writeLogs, close }
}

async function member(
  shared: Readonly<Record<string, string>>,
  roles: string,
  node: number,
): Promise<Member & { stop(): Promise<void> }> {
  const port = await freePort()
  const lives: Life[] = []
  const now = (): Life => {
    const life = lives.at(-1)
    if (!life) throw new Error(`node-${node} has never run`)
    return life
  }
  return {
    name: `node-${node}`,
    roles,
    url: `http://127.0.0.1:${port}`,
    lives,
    async signal(signal) {
      const life = now()
      const ends = signal === 'SIGKILL' || signal === 'SIGTERM'
      life.wanted ||= ends
      const exited = ends && once(life.platform.process, 'exit')
      life.platform.process.kill(signal)
      await exited
    },
    async start() {
      const own = { MEYDAN_PORT: String(port), MEYDAN_NODE: String(node), MEYDAN_ROLES: roles }
      const platform = await startPlatform({ ...shared, ...own }, { readyMsMax: READY_MS_MAX })
      const life: Life = { platform, endedAtMs: undefined, wanted: false }
      platform.process.once('exit', () => {
        life.endedAtMs = Date.now()
      })
      lives.push(life)
    },
    async stop() {
      const life = lives.at(-1)
      if (!life || life.endedAtMs !== undefined) return
      life.wanted = true
      // One that was stopped hears no other signal.
      life.platform.process.kill('SIGCONT')
      await life.platform.stop()
    },
  }
}
