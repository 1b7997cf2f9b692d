import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { core, ROLES } from '@meydan/contracts/core'
import { createGateway } from '@meydan/gateway'
import { type AnyService, createHost, type Kit, type Link, memoryLimiter } from '@meydan/kernel/rpc'
import { z } from 'zod'

export interface Answer {
  readonly status: number
  readonly body: unknown
  /** Of a fault: its code, and the field it blames. */
  readonly code?: string | undefined
  readonly field?: unknown
}

const Refusal = z.object({
  error: z.object({ code: z.string(), details: z.looseObject({ field: z.unknown() }).optional() }),
})

/** One service behind a real gateway. */
export interface ServiceEdge {
  /** `GET` of a path, by a player or by nobody. */
  get(path: string, token?: string): Promise<Answer>
  /** A request with a body. */
  send(method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown, token?: string): Promise<Answer>
  close(): Promise<void>
}

/** A kit, whatever contracts it has clients for. */
type AnyKit = Omit<Kit, 'call'> & { readonly call: object }

/**
 * A service under test as the outside meets it: over HTTP, through gateway and pipeline. The kit is a `testKit`'s: what the service
 * calls is answered by the test. A player's token is the player's id, with a role after a dot for staff: `7.admin`.
 */
export async function serviceEdge(service: AnyService, kit: AnyKit): Promise<ServiceEdge> {
  const { clock, topics } = kit
  const parts = { log: quietLog, metrics: quietMetrics, clock }
  const host = await createHost({
    services: [service],
    kit: () => kit,
    remote: { contracts: Object.values(service.calls), link: answeredBy(kit.call) },
    freeze: true,
    ...parts,
  })
  const gateway = await createGateway({
    ...parts,
    topics,
    contracts: host.contracts,
    dispatch: (call, input, context) => host.call(call, input, context),
    verify,
    rooms: { attach: () => Promise.reject(core.NOT_FOUND()), spectate: () => Promise.reject(core.NOT_FOUND()) },
    trustProxy: false,
    version: 'test',
    corsOrigins: [],
    limiter: memoryLimiter(clock),
    requestsPerWindow: 10_000,
    checks: {},
    pages: null,
  })
  const url = await gateway.listen('127.0.0.1', 0)
  return {
    get: (path, token) => ask(`${url}${path}`, { headers: bearer(token) }),
    send(method, path, body, token) {
      const headers = { ...bearer(token), 'content-type': 'application/json' }
      return ask(`${url}${path}`, { method, headers, body: JSON.stringify(body) })
    },
    close: () => gateway.close(),
  }
}

const bearer = (token: string | undefined) => (token === undefined ? {} : { authorization: `Bearer ${token}` })

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(url, init)
  const body: unknown = await answer.json()
  const refusal = Refusal.safeParse(body).data?.error
  return { status: answer.status, body, code: refusal?.code, field: refusal?.details?.field }
}

/** The way to services that the test answers for. */
function answeredBy(clients: object): Link {
  return {
    async call(contract, procedure, input, context) {
      const answer: unknown = Reflect.get(Reflect.get(clients, contract.name), procedure)
      if (typeof answer !== 'function') throw new Error(`the test has no answer for ${contract.name}.${procedure}`)
      return answer(input, context)
    },
  }
}

async function verify(token: string) {
  const [, playerId, name] = /^([1-9]\d*)(?:\.(\w+))?$/.exec(token) ?? []
  if (playerId === undefined) throw core.UNAUTHENTICATED()
  const roles = ROLES.filter((role) => role === name)
  return { playerId, sessionId: `9${playerId}`, roles, expiresAtMs: Number.POSITIVE_INFINITY }
}
