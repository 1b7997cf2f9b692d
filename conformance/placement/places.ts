import { type Caller, type Host, newServiceKeys, openContext, type Running, staticDiscovery } from '@meydan/kernel/rpc'
import { createLog } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { announcementsAt } from './announced.ts'
import type { AnnouncedSettings } from './announced-remote.ts'
import { back, front } from './contracts.ts'
import { meshProcess } from './process.ts'
import type { RemoteSettings } from './remote.ts'
import { backService, frontService } from './services.ts'
import { killed, type Spawned, spawnProcess } from './spawned.ts'

/** The services placed somehow. Scenarios call through its door and must not learn how. */
export interface Place {
  readonly host: Host
  from(caller: Caller, timeoutMs?: number): Running
  close(): Promise<void>
}

const log = createLog({ level: 'silent', pretty: false, name: 'edge' })
/** A context as the edge would open it. */
export const from = (caller: Caller, timeoutMs?: number) => openContext({ caller, clock: systemClock, log, timeoutMs })

/** Everything in this process. */
export async function inOne(): Promise<Place> {
  const keys = await newServiceKeys()
  const services = [frontService(), backService()]
  const all = await meshProcess({ name: 'all', services, elsewhere: [], discovery: staticDiscovery({}), keys })
  return { host: all.host, from, close: () => all.stop() }
}

/** As a cluster has it: each service in a process of its own, the edge in another, and all found by what they announce in a Redis. */
export async function inCluster(redisUrl: string): Promise<Place> {
  const keys = await newServiceKeys()
  const spawned = await Promise.all(
    (['front', 'back'] as const).map((answersFor) => {
      const settings: AnnouncedSettings = { keys, redisUrl, answersFor }
      return spawnProcess(new URL('./announced-remote.ts', import.meta.url), settings)
    }),
  )
  const { registry, close } = await announcementsAt(redisUrl)
  const edge = await meshProcess({ name: 'edge', services: [], elsewhere: [front, back], discovery: registry, keys })
  return {
    host: edge.host,
    from,
    async close() {
      await edge.stop()
      await close()
      await Promise.all(spawned.map(killed))
    },
  }
}

export interface TwoProcesses extends Place {
  /** Prometheus text of the first process. */
  metrics(): Promise<string>
  /** SIGKILL; resolves when the second process is gone. It is still where others look for it. */
  kill(): Promise<void>
  /** SIGSTOP and SIGCONT. */
  stall(): void
  wake(): void
  /** Starts another second process; nobody knows of it until it is put in place. */
  spare(): Promise<{ putInPlace(): void }>
}

/** `back` in a second process of the operating system, reached over loopback; `back` calls `front` here likewise. */
export async function inTwo(): Promise<TwoProcesses> {
  const keys = await newServiceKeys()
  const spawned: Spawned[] = []
  let second: Spawned | undefined
  const first = await meshProcess({
    name: 'first',
    services: [frontService()],
    elsewhere: [back],
    discovery: { resolve: async () => (second ? [second.url] : []) },
    keys,
  })
  const spare = async () => {
    const settings: RemoteSettings = { keys, frontUrl: first.url }
    const next = await spawnProcess(new URL('./remote.ts', import.meta.url), settings)
    spawned.push(next)
    return {
      putInPlace: () => {
        second = next
      },
    }
  }
  const { putInPlace } = await spare()
  putInPlace()
  return {
    host: first.host,
    from,
    metrics: () => first.metrics.text(),
    kill: async () => second && killed(second),
    stall: () => void second?.child.kill('SIGSTOP'),
    wake: () => void second?.child.kill('SIGCONT'),
    spare,
    async close() {
      await Promise.all(spawned.map(killed))
      await first.stop()
    },
  }
}
