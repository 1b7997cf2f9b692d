import { core } from '@meydan/contracts/core'
import { openContext } from '@meydan/kernel/rpc'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Edge } from '../edge.ts'
import { bearerOf } from '../rest/bearer.ts'
import { type AddressLimiter, tellLimit } from '../rest/limits.ts'
import { faultFor } from '../rest/refusal.ts'
import { gameRoutes } from './games.ts'
import { platformOf } from './platform.ts'
import type { Asked, Route } from './route.ts'
import { userRoutes } from './users.ts'

const PREFIX = '/gateway'
const BODY_BYTES_MAX = 16 * 1024

/** Whether a URL is under this door, which answers any page and in its own words. */
export function isForeign(url: string): boolean {
  return url === PREFIX || url.startsWith(`${PREFIX}/`)
}

/** The documented REST interface for clients that are not ours (docs/clients/crash.md). */
export async function openForeignDoor(app: FastifyInstance, edge: Edge, limitAddress: AddressLimiter): Promise<void> {
  const platform = platformOf(edge)
  const routes = [...userRoutes(platform), ...gameRoutes(platform)]
  const statuses = routes.filter(({ url }) => url.endsWith('/status'))
  const whole: Route = {
    method: 'GET',
    url: '/status',
    async work(asked, context) {
      await Promise.all(statuses.map(({ work }) => work(asked, context)))
      return { status: 'running' }
    },
  }
  const scoped = async (scope: FastifyInstance): Promise<void> => {
    scope.setErrorHandler((error, _request, reply) => refuseInWords(edge, error, reply))
    scope.setNotFoundHandler((request, reply) => {
      const [path] = request.url.split('?')
      return refuseInWords(edge, core.NOT_FOUND({ message: `There is nothing at ${request.method} ${path}.` }), reply)
    })
    for (const route of [whole, ...routes]) addRoute(scope, edge, limitAddress, route)
  }
  await app.register(scoped, { prefix: PREFIX })
}

function addRoute(
  scope: FastifyInstance,
  edge: Edge,
  limitAddress: AddressLimiter,
  { method, url, status = 200, work }: Route,
): void {
  scope.route({
    method,
    url,
    bodyLimit: BODY_BYTES_MAX,
    handler: async (request, reply) => {
      const addressLimit = await limitAddress(request.ip)
      const caller = await bearerOf(edge.verify, request)
      const context = openContext({ caller, clock: edge.clock, log: edge.log })
      reply.header('x-trace-id', context.traceId)
      try {
        return await reply.code(status).send(await work(askedBy(request), context))
      } finally {
        tellLimit(reply, context.limit ?? addressLimit)
      }
    },
  })
}

function askedBy(request: FastifyRequest): Asked {
  const socketUrl = (): string => {
    if (!request.host) throw core.INVALID_INPUT({ message: 'The request has no Host.' })
    return `${request.protocol === 'https' ? 'wss' : 'ws'}://${request.host}`
  }
  return { body: request.body, params: request.params, socketUrl }
}

/** A fault for clients that know no codes: what is wrong, in words. */
export function refuseInWords(edge: Edge, error: unknown, reply: FastifyReply): FastifyReply {
  return reply.send({ error: faultFor(edge, error, reply).message })
}
