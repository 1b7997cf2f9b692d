import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { contract, query } from '@meydan/contracts/core'
import { players } from '@meydan/contracts/players'
import {
  bareKit,
  createHost,
  meshLink,
  meshServer,
  openContext,
  type PlayerCaller,
  service,
  serviceTokens,
  staticDiscovery,
} from '@meydan/kernel/rpc'
import { systemClock as clock } from '@meydan/kernel/time'
import { z } from 'zod'
import { serveParent } from '../measure/child.ts'
import { percentile, rounded } from '../measure/numbers.ts'
import { CallsAsked, type CallsDone, ServiceKeysGiven } from './call-messages.ts'

/** Answers a call that does nothing, and makes calls: to itself, to another process of its kind, or to the platform's services. */
const parts = { log: quietLog, metrics: quietMetrics, clock }
const echo = contract('echo', {
  get: query({ summary: 'Answers', auth: 'player', output: z.object({ text: z.string() }) }),
})
const echoing = service({
  contract: echo,
  calls: {},
  build: () => ({ handlers: { get: async () => ({ text: 'here' }) } }),
})
const tokens = serviceTokens(ServiceKeysGiven.parse(JSON.parse(process.argv[2] ?? '')), clock)
const host = await createHost({ services: [echoing], kit: () => bareKit(parts), freeze: false, ...parts })
const server = meshServer({ host, tokens, listen: { address: '127.0.0.1', port: 0 }, processId: 'caller', ...parts })
await server.start()
const addresses: Record<string, string[]> = {}
const link = meshLink({ discovery: staticDiscovery(addresses), tokens, ...parts })

function work({ call, address, playerId }: CallsAsked): () => Promise<unknown> {
  const caller: PlayerCaller = { kind: 'player', playerId, sessionId: playerId, roles: [], address: '127.0.0.1' }
  const context = () => openContext({ caller, clock, log: quietLog })
  if (address === null) return () => host.call('echo.get', {}, context())
  addresses.echo = [address]
  addresses.players = [address]
  return call === 'echo'
    ? () => link.call(echo, 'get', {}, context(), caller)
    : () => link.call(players, 'get', { playerId }, context(), caller)
}

async function run(asked: CallsAsked): Promise<CallsDone> {
  const one = work(asked)
  const tookMs: number[] = []
  let left = asked.calls
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const beganMs = performance.now()
      await one()
      tookMs.push(performance.now() - beganMs)
    }
  }
  await Promise.all(Array.from({ length: asked.atOnce }, worker))
  const us = (part: number): number => rounded(percentile(tookMs, part) * 1_000, 1)
  return { p50Us: us(0.5), p99Us: us(0.99) }
}

serveParent(
  async (message) => (message === 'address' ? { address: server.url } : run(CallsAsked.parse(message))),
  async () => {
    await link.close()
    await server.stop()
  },
)
