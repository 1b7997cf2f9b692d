import type { Bus, Relay } from '@meydan/kernel/events'
import type { Job } from '@meydan/kernel/rpc'
import type { Metrics } from '@meydan/kernel/telemetry'

/** Well below what Prometheus scrapes at; counting is a few milliseconds of Postgres. */
const LOOK_EVERY_MS = 2_000

/**
 * Put into the metrics what waits between services: how old the oldest event in each outbox is, and events on the bus and dead letters by
 * group. The bus is everybody's and each process tells the same of it: take the maximum over processes. Two jobs, since a bus that is away
 * cannot be counted, and is seen by what waits for it.
 */
export function backlogJobs(bus: Bus, relays: ReadonlyMap<string, Relay>, metrics: Metrics): Job[] {
  const depth = metrics.gauge('meydan_bus_depth', 'Events waiting or being handled', ['group'])
  const dead = metrics.gauge('meydan_bus_dead_letters', 'Events given up on, the oldest 1,000 at most', ['group'])
  const lag = metrics.gauge('meydan_outbox_lag_seconds', 'Age of the oldest event not yet on the bus', ['service'])
  return [
    {
      name: 'outbox',
      everyMs: LOOK_EVERY_MS,
      async run() {
        for (const [service, relay] of relays) lag(await relay.lagS(), { service })
      },
    },
    {
      name: 'backlog',
      everyMs: LOOK_EVERY_MS,
      async run() {
        const depths = await bus.depth()
        const letters = Map.groupBy(await bus.deadLetters(), ({ group }) => group)
        for (const group of new Set([...Object.keys(depths), ...letters.keys()])) {
          depth(depths[group] ?? 0, { group })
          dead(letters.get(group)?.length ?? 0, { group })
        }
      },
    },
  ]
}
