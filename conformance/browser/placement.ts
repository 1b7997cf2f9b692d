import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type Member, PORTS, portsOf, startCluster } from '@meydan/cluster'
import { freePort, freePorts, startPlatform } from '@meydan/conformance/platform'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where what is tested runs: `one` process, or the `cluster` of `npm run cluster` behind nginx. */
    placement: 'one' | 'cluster'
  }
}

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))

/** A busy machine takes half a minute to make a database, and to recover one that was killed. */
const READY_MS_MAX = 60_000

/** A running platform, wherever it was placed. */
export interface Place {
  /** Where browsers find it. */
  readonly url: string
  /** A command of the platform, on its data. */
  command(...args: readonly string[]): Promise<void>
  stop(): Promise<void>
}

export const placement = inject('placement')

/** Starts a platform with these settings where this run of the tests has it. */
export function openPlace(settings: Readonly<Record<string, string>>): Promise<Place> {
  return placement === 'one' ? openOne(settings) : openCluster(settings)
}

export interface OnePlace extends Place {
  /** SIGKILL. Its data stays. */
  kill(): void
  /** After it was killed: on the same port and data. */
  startAgain(): Promise<void>
}

/** One process that does everything. */
export async function openOne(more: Readonly<Record<string, string>>): Promise<OnePlace> {
  const data = await mkdtemp(join(tmpdir(), 'meydan-one-'))
  const settings = { MEYDAN_DATA: data, MEYDAN_PORT: String(await freePort()), ...more }
  let platform = await startPlatform(settings, { readyMsMax: READY_MS_MAX })
  return {
    url: platform.url,
    kill: () => void platform.process.kill('SIGKILL'),
    async startAgain() {
      platform = await startPlatform(settings, { readyMsMax: READY_MS_MAX })
    },
    command: (...args) => command(args, settings),
    async stop() {
      await platform.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

export interface ClusterPlace extends Place {
  member(name: string): Member
}

/** What `npm run cluster` starts: seven processes on a Postgres and a Redis of their own, entered through nginx. */
export async function openCluster(settings: Readonly<Record<string, string>>): Promise<ClusterPlace> {
  const data = await mkdtemp(join(tmpdir(), 'meydan-cluster-'))
  const lines: string[] = []
  const voice = {
    say: (line: string) => void lines.push(line),
    of: (name: string) => (line: string) => void lines.push(`${name} ${line}`),
  }
  const ports = portsOf(await freePorts(PORTS))
  const cluster = await startCluster({ ports, data, settings: { MEYDAN_LOG: 'warn', ...settings }, voice })
  const member = (name: string): Member => {
    const found = cluster.members.get(name)
    if (!found) throw new Error(`the cluster has no ${name}`)
    return found
  }
  return {
    url: cluster.url,
    member,
    command: (...args) => command(args, member('services-1').settings),
    async stop() {
      await cluster.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function command(args: readonly string[], settings: Readonly<Record<string, string>>): Promise<void> {
  await promisify(execFile)(process.execPath, [MAIN, ...args], { env: { ...process.env, ...settings } })
}
