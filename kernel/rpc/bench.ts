import { performance } from 'node:perf_hooks'
import { contract, Id, query, Timestamp } from '@meydan/contracts/core'
import { z } from 'zod'
import { createLog, createMetrics } from '../telemetry/index.ts'
import { systemClock } from '../time/index.ts'
import {
  bareKit,
  createHost,
  meshLink,
  meshServer,
  newServiceKeys,
  openContext,
  type PlayerCaller,
  service,
  serviceTokens,
  staticDiscovery,
} from './index.ts'

/** `node kernel/rpc/bench.ts`: what one call costs, from a door, from inside another call, and over the mesh on loopback. */

const Profile = z.object({ playerId: Id, displayName: z.string().min(1).max(32), createdAt: Timestamp })
const profiles = contract('profiles', {
  get: query({ summary: 'A profile', auth: 'player', input: z.strictObject({ playerId: Id }), output: Profile }),
})
const front = contract('front', { get: query({ summary: 'Asks profiles', auth: 'player', output: Profile }) })

const profile = { playerId: '81', displayName: 'Ada', createdAt: '2026-01-01T00:00:00.000Z' }
const profilesService = service({
  contract: profiles,
  calls: {},
  build: () => ({ handlers: { get: async () => profile } }),
})
const frontService = service({
  contract: front,
  calls: { profiles },
  build: ({ call }) => ({
    handlers: { get: (_input, context) => call.profiles.get({ playerId: context.caller.playerId }, context) },
  }),
})

const log = createLog({ level: 'info', pretty: false, name: 'bench' })
const metrics = createMetrics()
const parts = { log, metrics, clock: systemClock }
const host = await createHost({
  services: [profilesService, frontService],
  kit: () => bareKit(parts),
  freeze: false,
  ...parts,
})
const caller: PlayerCaller = { kind: 'player', playerId: '81', sessionId: '82', roles: [], address: '192.0.2.1' }
const context = () => openContext({ caller, clock: systemClock, log })

await measure('parse input and output, nothing else', async () => {
  profiles.procedures.get.input.parse({ playerId: '81' })
  return profiles.procedures.get.output.parse(profile)
})
await measure('a call from a door', () => host.call('profiles.get', { playerId: '81' }, context()))
await measure('a call from a door that makes one call', () => host.call('front.get', {}, context()))

const tokens = serviceTokens(await newServiceKeys(), systemClock)
const server = meshServer({ host, tokens, listen: { address: '127.0.0.1', port: 0 }, processId: 'bench', ...parts })
await server.start()
const link = meshLink({ discovery: staticDiscovery({ profiles: [server.url] }), tokens, ...parts })
const far = async () => {
  const batch = Array.from({ length: 20 }, () => link.call(profiles, 'get', { playerId: '81' }, context(), caller))
  await Promise.all(batch)
}
await measure('20 calls at once over the mesh, both ends in this process', far, 1_000)
await link.close()
await server.stop()

async function measure(what: string, call: () => Promise<unknown>, calls = 200_000): Promise<void> {
  for (let done = 0; done < calls; done++) await call()
  const startedMs = performance.now()
  for (let done = 0; done < calls; done++) await call()
  const perS = calls / ((performance.now() - startedMs) / 1_000)
  process.stdout.write(`${what}: ${Math.round(perS)} a second, ${(1e6 / perS).toFixed(2)} µs\n`)
}
