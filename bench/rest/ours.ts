import { core } from '@meydan/contracts/core'
import { memoryCache, memoryTopics } from '@meydan/drivers/memory'
import { connectPostgres } from '@meydan/drivers/postgres'
import { createGateway } from '@meydan/gateway'
import { createOutbox } from '@meydan/kernel/events'
import { idMaker } from '@meydan/kernel/ids'
import { bareKit, createHost, memoryLimiter, service } from '@meydan/kernel/rpc'
import { createLog, createMetrics } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { tokenVerifier } from '@meydan/kernel/tokens'
import { playersService } from '@meydan/services/players'
import { serveParent } from '../measure/child.ts'
import { ServerSetup } from './messages.ts'
import { POOL_MAX, shelf, shelved } from './routes.ts'

/** The real gateway and the real players service in one process, put together as the platform does in production. */
const { postgresUrl, keys } = ServerSetup.parse(JSON.parse(process.argv[2] ?? ''))
const clock = systemClock
const log = createLog({ level: 'info', pretty: false, name: 'bench' })
const metrics = createMetrics({ process: true })
const postgres = await connectPostgres({ url: postgresUrl, poolMax: POOL_MAX, log })
const nextId = idMaker(clock)
const shelfService = service({
  contract: shelf,
  calls: {},
  build: () => ({ handlers: { get: async ({ playerId }) => shelved(playerId) } }),
})
const host = await createHost({
  services: [playersService(), shelfService],
  kit: ({ contract: { name } }) => ({
    ...bareKit({ log, metrics, clock }),
    db: postgres.database(name),
    cache: memoryCache(clock),
    events: createOutbox({ source: name, clock, nextId }),
  }),
  log,
  metrics,
  clock,
  freeze: false,
})
const gateway = await createGateway({
  contracts: host.contracts,
  dispatch: (call, input, context) => host.call(call, input, context),
  verify: tokenVerifier(keys, clock),
  rooms: { attach: () => Promise.reject(core.NOT_FOUND()), spectate: () => Promise.reject(core.NOT_FOUND()) },
  topics: memoryTopics(clock, log),
  clock,
  log,
  metrics,
  trustProxy: false,
  version: 'bench',
  corsOrigins: ['*'],
  // The limit is counted as always; the load comes from one address and must not be stopped by it.
  limiter: memoryLimiter(clock),
  requestsPerWindow: 1_000_000_000,
  checks: {},
  pages: null,
})
const url = await gateway.listen('127.0.0.1', 0)

serveParent(
  async () => ({ url, cpuUs: process.cpuUsage() }),
  async () => {
    await gateway.close()
    await postgres.close()
  },
)
