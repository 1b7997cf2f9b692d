import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { freePort, type RunningPlatform, startPlatform, writeSecrets } from '@meydan/conformance/platform'

export type Settings = Readonly<Record<string, string>>

/** A deployment's processes, running on this machine. */
export interface Deployment {
  /** The process of that name. Throws when there is none. */
  of(name: string): RunningPlatform
  stop(): Promise<void>
}

/** What depends on where a process runs, and the engines of more than one machine, which this one has not. */
const OF_THE_PLACE = ['MEYDAN_HOST', 'MEYDAN_PORT', 'MEYDAN_DATA', 'MEYDAN_REDIS_URL', 'MEYDAN_KAFKA_BROKERS']
/** Short waits, so that a test sees a whole match. */
const HURRIED = {
  MEYDAN_BOT_WAIT_MS: '200',
  MEYDAN_MATCH_MS: '2000',
  MEYDAN_DRAIN_MS: '500',
  MEYDAN_POSTGRES_POOL: '5',
}

/** Starts the processes of a deployment with the settings it gives them, by the names under which they call each other (`http://NAME:4100`). */
export async function startDeployment(processes: Readonly<Record<string, Settings>>): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-deployment-'))
  const secrets = await writeSecrets(folder)
  const database: TestDatabase = await testDatabase('deployment')
  const ports = new Map<string, string>()
  for (const name of Object.keys(processes)) ports.set(name, String(await freePort()))

  const here = (name: string, given: Settings): Settings => {
    const kept = Object.entries(given).filter(([setting]) => !OF_THE_PLACE.includes(setting))
    const mesh = given.MEYDAN_MESH?.replace(
      /http:\/\/([\w-]+):\d+/g,
      (_, host) => `http://127.0.0.1:${ports.get(host)}`,
    )
    return {
      ...Object.fromEntries(kept),
      ...HURRIED,
      MEYDAN_SECRETS: secrets,
      MEYDAN_POSTGRES_URL: database.url,
      ...(mesh !== undefined && { MEYDAN_MESH: mesh }),
      ...(given.MEYDAN_MESH_PORT !== undefined && { MEYDAN_MESH_PORT: ports.get(name) ?? '' }),
    }
  }
  const entries = Object.entries(processes)
  const started = await Promise.allSettled(entries.map(([name, given]) => startPlatform(here(name, given))))
  const running = new Map(
    started.flatMap((one, index) => (one.status === 'fulfilled' ? [[entries[index]?.[0] ?? '', one.value]] : [])),
  )
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((platform) => platform.stop()))
    await database.close()
    await rm(folder, { recursive: true })
  }
  const failed = started.find((one) => one.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  return {
    of(name) {
      const platform = running.get(name)
      if (!platform) throw new Error(`the deployment has no process ${name}`)
      return platform
    },
    stop,
  }
}
