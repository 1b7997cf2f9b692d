import type { Contract } from '@meydan/contracts/core'
import {
  type AnyService,
  bareKit,
  createHost,
  type Discovery,
  type Host,
  type KitParts,
  meshLink,
  meshServer,
  type ServiceKeys,
  serviceTokens,
} from '@meydan/kernel/rpc'
import { createLog, createMetrics, type Metrics } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'

export interface ProcessOptions {
  readonly name: string
  readonly services: readonly AnyService[]
  /** Contracts answered elsewhere. */
  readonly elsewhere: readonly Contract[]
  /** Where; asked at every call, so that a process may come back under another address. */
  readonly discovery: Discovery
  readonly keys: ServiceKeys
  /** For services that keep something; without it they have no storage. */
  readonly kit?: (service: AnyService) => KitParts | Promise<KitParts>
}

export interface MeshProcess {
  readonly host: Host
  readonly metrics: Metrics
  /** Where its services answer other processes. */
  readonly url: string
  stop(): Promise<void>
}

/** What a process of the platform is made of as far as calls go: a host, a mesh server and a link to the others. */
export async function meshProcess(options: ProcessOptions): Promise<MeshProcess> {
  const log = createLog({ level: 'fatal', pretty: false, name: options.name })
  const metrics = createMetrics()
  const parts = { log, metrics, clock: systemClock }
  const tokens = serviceTokens(options.keys, systemClock)
  const link = meshLink({ discovery: options.discovery, tokens, ...parts })
  const host = await createHost({
    services: options.services,
    kit: options.kit ?? (() => bareKit(parts)),
    remote: { contracts: options.elsewhere, link },
    freeze: true,
    ...parts,
  })
  const server = meshServer({
    host,
    tokens,
    listen: { address: '127.0.0.1', port: 0 },
    processId: 'placement',
    ...parts,
  })
  await host.start()
  await server.start()
  return {
    host,
    metrics,
    url: server.url,
    async stop() {
      await server.stop()
      await host.stop()
      await link.close()
    },
  }
}
