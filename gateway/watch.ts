import { METRICS_CONTENT_TYPE, type Metrics } from '@meydan/kernel/telemetry'
import { type FastifyInstance, fastify } from 'fastify'
import type { Gateway } from './gateway.ts'
import { type Checks, serveHealth } from './health.ts'

/** What those ask who watch a process: `/livez`, `/readyz`, `/metrics`. */
export function serveWatchers(app: FastifyInstance, metrics: Metrics, checks: Checks, isDraining: () => boolean): void {
  app.get('/metrics', async (_request, reply) => reply.type(METRICS_CONTENT_TYPE).send(await metrics.text()))
  serveHealth(app, checks, isDraining)
}

export interface WatchDoorOptions {
  readonly metrics: Metrics
  readonly checks: Checks
}

/** For a process that players do not reach: only what those ask who watch it. */
export async function createWatchDoor({ metrics, checks }: WatchDoorOptions): Promise<Gateway> {
  const app = fastify({ logger: false })
  let draining = false
  serveWatchers(app, metrics, checks, () => draining)
  await app.ready()
  return {
    listen: (host, port) => app.listen({ host, port }),
    async drain() {
      draining = true
    },
    async close() {
      app.server.closeAllConnections()
      await app.close()
    },
  }
}
