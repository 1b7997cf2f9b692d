import type { Metrics } from '../telemetry/index.ts'
import { OPEN_MAX, type Target } from './mesh-target.ts'

type ByService = ReadonlyMap<string, readonly Target[]>

const BREAKER_STATES = { closed: 0, 'half-open': 0.5, open: 1 } as const
const OF_ADDRESS = ['service', 'address'] as const

/** What a process knows of those it calls: how many there are, and how each of them does. */
export function watchTargets(metrics: Metrics, look: () => Promise<ByService>): void {
  const each = (read: (target: Target) => number) => async () =>
    [...(await look()).values()].flat().map((target) => ({
      labels: { service: target.service, address: target.address },
      value: read(target),
    }))
  metrics.observeEach('meydan_mesh_addresses', 'Processes known to answer for a service', ['service'], async () =>
    [...(await look())].map(([service, targets]) => ({ labels: { service }, value: targets.length })),
  )
  metrics.observeEach(
    'meydan_mesh_breaker_state',
    '0 closed, 0.5 half open, 1 open',
    OF_ADDRESS,
    each(({ breaker }) => BREAKER_STATES[breaker]),
  )
  metrics.observeEach(
    'meydan_mesh_bulkhead_used',
    `Share of the ${OPEN_MAX} calls that may be under way at once`,
    OF_ADDRESS,
    each(({ open }) => open / OPEN_MAX),
  )
}
