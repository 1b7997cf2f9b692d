import { idMaker } from '../ids/index.ts'
import type { Log, Metrics } from '../telemetry/index.ts'
import type { Clock } from '../time/index.ts'
import type { KitParts } from './host.ts'

/** A kit for services that keep nothing, for tests and benches: whoever reaches for storage is told that there is none. */
export function bareKit(parts: { log: Log; metrics: Metrics; clock: Clock }): KitParts {
  const none = (): never => {
    throw new Error('this kit has no storage')
  }
  return {
    ...parts,
    random: Math.random,
    nextId: idMaker(parts.clock),
    settings: {},
    db: { schema: 'none', tables: none, transaction: none, ping: none },
    events: { publish: none },
    cache: {
      get: none,
      set: none,
      setIfAbsent: none,
      has: none,
      delete: none,
      increment: none,
      sorted: { add: none, addTo: none, remove: none, size: none, score: none, rank: none, top: none },
    },
    leases: { acquire: none, renew: none, release: none, holder: none },
    topics: { publish: none, subscribe: none, position: none, since: none },
  }
}
