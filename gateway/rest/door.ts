import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import { core, type Procedure } from '@meydan/contracts/core'
import { openContext } from '@meydan/kernel/rpc'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Edge } from '../edge.ts'
import { bearerOf } from './bearer.ts'
import { type OnConnection, watchConnections } from './connections.ts'
import { type AddressLimiter, tellLimit } from './limits.ts'
import { MSGPACK, readJson, readMsgpack, wantsMsgpack, writePayload } from './payload.ts'
import { faultFor, traceIdOf } from './refusal.ts'
import { readSealKey, seal } from './seal.ts'

const SEALED = 'application/meydan-sealed'
const JSON_TYPE = 'application/json; charset=utf-8'
const REQUEST_ID = /^[\w.-]{1,64}$/

/** A route for every procedure that has one. Bodies are read here; whether they fit is the pipeline's to say. */
export function openRestDoor(app: FastifyInstance, edge: Edge, limitAddress: AddressLimiter): void {
  const contextsOf = watchConnections()
  app.removeAllContentTypeParsers()
  // A parser is handed its whole body; what it throws goes through the error handler like any fault.
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    readJson(body),
  )
  app.addContentTypeParser(MSGPACK, { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    readMsgpack(body),
  )
  app.setErrorHandler((error, request, reply) => refuse(edge, error, request, reply))
  app.setNotFoundHandler((request, reply) => {
    const fault = core.UNKNOWN_CALL({ message: `There is nothing at ${request.method} ${request.url.split('?')[0]}.` })
    return refuse(edge, fault, request, reply)
  })
  for (const contract of edge.contracts) {
    for (const [name, procedure] of Object.entries(contract.procedures)) {
      if (procedure.http !== undefined && procedure.auth !== 'service')
        addRoute(app, { edge, limitAddress, contextsOf }, `${contract.name}.${name}`, procedure)
    }
  }
}

interface Door {
  readonly edge: Edge
  readonly limitAddress: AddressLimiter
  readonly contextsOf: (socket: Socket) => OnConnection
}

function addRoute(app: FastifyInstance, { edge, limitAddress, contextsOf }: Door, call: string, procedure: Procedure) {
  const [method = 'GET', url = ''] = (procedure.http ?? '').split(' ')
  app.route({
    method,
    url,
    handler: async (request, reply) => {
      const { ip } = request
      const limited = limitAddress(ip)
      const addressLimit = limited instanceof Promise ? await limited : limited
      const caller = bearerOf(edge.verify, request)
      const context = openContext({
        caller: caller instanceof Promise ? await caller : caller,
        clock: edge.clock,
        log: edge.log,
        traceparent: headerOf(request, 'traceparent'),
      })
      reply.header('x-trace-id', context.traceId)
      const { socket } = request.raw
      const contexts = contextsOf(socket)
      contexts.add(context)
      // Who was gone before will not leave again.
      if (socket.destroyed) context.cancel()
      let out: unknown
      try {
        out = await edge.dispatch(call, inputOf(request), context)
      } finally {
        contexts.delete(context)
        tellLimit(reply, context.limit ?? addressLimit)
      }
      return answer(request, reply, out, context.traceId)
    },
  })
}

/** Body, query and path are one input; the path wins, since it is what was routed by. */
function inputOf({ body, query, params }: FastifyRequest): unknown {
  const isObject = body === undefined || body === null || (typeof body === 'object' && !Array.isArray(body))
  // A body that is no object cannot be joined with the path; the pipeline refuses it with the reason.
  return isObject ? { ...(query as object), ...body, ...(params as object) } : body
}

function answer(request: FastifyRequest, reply: FastifyReply, value: unknown, traceId: string): FastifyReply {
  const msgpack = wantsMsgpack(request.headers.accept)
  const payload = writePayload(value, msgpack)
  const type = msgpack ? MSGPACK : JSON_TYPE
  reply.header('x-request-id', requestIdOf(request, traceId))
  const sealHeader = headerOf(request, 'meydan-seal')
  if (sealHeader === undefined) return reply.header('content-type', type).send(payload)
  return reply
    .header('content-type', SEALED)
    .header('meydan-sealed-type', type)
    .send(seal(readSealKey(sealHeader), Buffer.from(payload)))
}

/** Answers a fault in the one shape all faults have (R4). */
export function refuse(edge: Edge, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const fault = faultFor(edge, error, reply)
  const traceId = traceIdOf(reply)
  const msgpack = wantsMsgpack(request.headers.accept)
  return reply
    .header('x-request-id', requestIdOf(request, traceId))
    .header('content-type', msgpack ? MSGPACK : JSON_TYPE)
    .send(writePayload({ error: fault.body(traceId) }, msgpack))
}

/** The client's own when it is well formed; else that of the trace, so that there is one id to ask about. */
function requestIdOf(request: FastifyRequest, traceId: string | undefined): string {
  const given = headerOf(request, 'x-request-id')
  return given !== undefined && REQUEST_ID.test(given) ? given : (traceId ?? randomUUID())
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}
