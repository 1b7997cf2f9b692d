import { core, Fault } from '@meydan/contracts/core'
import type { FastifyReply } from 'fastify'
import type { Edge } from '../edge.ts'

/** The fault that a request ends with; the answer is given its status and headers. What is no fault is logged, and hidden. */
export function faultFor(edge: Edge, error: unknown, reply: FastifyReply): Fault {
  const fault = faultOf(error)
  if (fault.status >= 500 && !(error instanceof Fault))
    edge.log.error({ err: error, traceId: traceIdOf(reply) }, 'a request could not be answered')
  if (fault.retryAfterS !== undefined) reply.header('retry-after', String(fault.retryAfterS))
  reply.code(fault.status)
  return fault
}

/** Undefined before the request had one. */
export function traceIdOf(reply: FastifyReply): string | undefined {
  const header = reply.getHeader('x-trace-id')
  return typeof header === 'string' ? header : undefined
}

/** Fastify's own refusals (a body too large, a wrong media type, a bad URL) as faults. */
function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) return core.PAYLOAD_TOO_LARGE()
  if (status === 415) return core.UNSUPPORTED_MEDIA_TYPE()
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return core.INVALID_INPUT({ message: error instanceof Error ? error.message : 'The request is malformed.' })
  }
  return core.INTERNAL({ cause: error })
}
