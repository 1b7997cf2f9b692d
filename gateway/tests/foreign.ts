import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { core } from '@meydan/contracts/core'
import { memoryTopics } from '@meydan/drivers/memory'
import { memoryLimiter } from '@meydan/kernel/rpc'
import type { Topics } from '@meydan/kernel/storage'
import { systemClock } from '@meydan/kernel/time'
import { createGateway, type Edge, type Gateway } from '../index.ts'

type Dispatch = Edge['dispatch']
/** What the platform answers to a call. */
type Answer = (input: unknown, context: Parameters<Dispatch>[2]) => unknown

export interface ForeignGateway {
  readonly url: string
  readonly gateway: Gateway
  readonly topics: Topics
  /** What was asked of the platform, in order. */
  readonly asked: { readonly call: string; readonly input: unknown; readonly caller: string | undefined }[]
  /** What it answers, by call; to be changed by tests. */
  readonly answers: Map<string, Answer>
}

/** A real gateway before a platform that answers by a script. `token-12` is player 12's. */
export async function openForeignGateway(requestsPerWindow = 10_000): Promise<ForeignGateway> {
  const topics = memoryTopics(systemClock, quietLog)
  const asked: ForeignGateway['asked'] = []
  const answers: ForeignGateway['answers'] = new Map()
  const gateway = await createGateway({
    contracts: [],
    async dispatch(call, input, context) {
      const { caller } = context
      asked.push({ call, input, caller: caller.kind === 'player' ? caller.playerId : undefined })
      const answer = answers.get(call)
      if (!answer) throw core.UNKNOWN_CALL()
      return answer(input, context)
    },
    async verify(token) {
      const [, playerId] = /^token-(\d+)$/.exec(token) ?? []
      if (playerId === undefined) throw core.UNAUTHENTICATED({ message: 'The access token is not valid.' })
      return { playerId, sessionId: `9${playerId}`, roles: [], expiresAtMs: Date.now() + 60_000 }
    },
    rooms: { attach: () => Promise.reject(core.NOT_FOUND()), spectate: () => Promise.reject(core.NOT_FOUND()) },
    topics,
    clock: systemClock,
    log: quietLog,
    metrics: quietMetrics,
    trustProxy: false,
    version: 'test',
    corsOrigins: [],
    limiter: memoryLimiter(systemClock),
    requestsPerWindow,
    checks: {},
    pages: null,
  })
  const url = await gateway.listen('127.0.0.1', 0)
  return { url, gateway, topics, asked, answers }
}
