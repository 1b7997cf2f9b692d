import { nodeRegistry } from '@meydan/kernel/rpc'
import { createLog, createMetrics } from '@meydan/kernel/telemetry'
import { systemClock as clock } from '@meydan/kernel/time'
import type { PlatformSettings } from '../settings.ts'
import { openShared } from '../shared.ts'

/** A process that is known of. */
export interface Known {
  /** `node-3`; a process that nobody announces goes by its address. */
  readonly name: string
  /** Where it is watched; null for one that is gone, or does not tell. */
  readonly url: string | null
  /** Since when it has been silent in the registry. */
  readonly lostSinceMs?: number
}

/** The processes of an installation. */
export interface Processes {
  /** Where they are looked for, as a sentence names it. */
  readonly place: string
  now(): Known[]
  close(): Promise<void>
}

/** Those at these addresses, and no others. */
export function processesAt(urls: readonly string[]): Processes {
  const known = urls.map((url) => ({ name: url.replace(/^https?:\/\//, ''), url: url.replace(/\/+$/, '') }))
  return { place: urls.join(', '), now: () => known, close: async () => undefined }
}

/** Those that announce themselves in the Redis of the settings. Throws an OperatorError when it cannot be used. */
export async function processesInRedis(settings: PlatformSettings): Promise<Processes> {
  // What is drawn must not be written over; that Redis is away is seen by what the processes say.
  const log = createLog({ level: 'silent', pretty: false, name: 'meydan' })
  const shared = await openShared(settings, log, createMetrics())
  const registry = nodeRegistry({ cache: shared.cache, clock, log })
  await registry.start()
  return {
    place: `the Redis of MEYDAN_REDIS_URL (MEYDAN_REDIS_PREFIX=${settings.redisPrefix})`,
    now: () => [
      ...registry.nodes.map(({ processId, watchUrl }) => ({ name: processId, url: watchUrl })),
      ...registry.lost.map(({ processId, sinceMs }) => ({ name: processId, url: null, lostSinceMs: sinceMs })),
    ],
    async close() {
      registry.stop()
      await shared.close()
    },
  }
}
