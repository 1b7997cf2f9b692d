import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { core, Fault } from '@meydan/contracts/core'
import type { Log, Metrics } from '../telemetry/index.ts'
import type { Clock } from '../time/index.ts'
import { openContext } from './context.ts'
import type { Host } from './host.ts'
import {
  BODY_BYTES_MAX,
  CONTENT_TYPE,
  decodeCaller,
  encodeLimit,
  HEADER,
  MESH_PATH,
  pack,
  unpack,
} from './mesh-wire.ts'
import type { ServiceTokens } from './service-token.ts'
import { knownFields } from './validate.ts'
import { shapeOf, versionMismatch } from './version.ts'

export interface MeshServerOptions {
  readonly host: Host
  readonly tokens: ServiceTokens
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
  /** What refusals call this process. */
  readonly processId: string
  /** Interface and port to listen on; port 0 takes a free one. */
  readonly listen: { readonly address: string; readonly port: number }
  /** Takes a request to upgrade over; false when it is not its own, and the connection ends. */
  readonly upgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean
}

export interface MeshServer {
  /** Where it listens, once started: `http://127.0.0.1:4100`. */
  readonly url: string
  start(): Promise<void>
  /** Turns new calls away and lets running ones finish, for at most `withinMs`. */
  drain(withinMs: number): Promise<void>
  stop(): Promise<void>
}

const OK = 200
/** Callers keep some connections each; a few dozen processes fit. */
const CONNECTIONS_MAX = 4_096
const OPEN_CALLS_MAX = 10_000
const TIMEOUT_MS_MAX = 60_000
const HEADER_BYTES_MAX = 16 * 1024
/** Longer than callers keep idle connections, so that it is they who close, and never onto a request on its way. */
const KEEP_ALIVE_MS = 30_000
const REQUEST_MS_MAX = 10_000

/** Answers other processes' calls for the services of this one. */
export function meshServer(options: MeshServerOptions): MeshServer {
  const { host, tokens, log, clock } = options
  let draining = false
  let openCalls = 0
  let url = ''
  options.metrics.observe('meydan_mesh_open_calls', 'Calls from other processes that run now', () => openCalls)

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    openCalls++
    try {
      const call = await admitted(request)
      const given = unpack(await bodyOf(request))
      const input = call.tolerated ? knownFields(call.tolerated.input, given) : given
      const context = openContext({
        caller: call.caller,
        clock,
        log,
        timeoutMs: call.timeoutMs,
        traceparent: call.traceparent,
      })
      response.once('close', () => {
        if (!response.writableFinished) context.cancel()
      })
      // From here on the handler decides; what it throws is its answer and no refusal.
      const answered = await host
        .dispatch(call.contract, call.procedure, input, context)
        .then(packOutput)
        .catch((error: unknown) => asFault(error, log))
      // A connection that stayed open would keep the draining server from closing.
      if (draining) response.setHeader('connection', 'close')
      if (context.limit) response.setHeader(HEADER.limit, encodeLimit(context.limit))
      if (answered instanceof Fault) sendFault(response, answered)
      else send(response, OK, answered)
    } catch (error) {
      if (request.socket.destroyed) {
        log.debug({ err: error }, 'a caller went away before its call had arrived')
        return
      }
      response.setHeader(HEADER.refused, '1')
      // The rest of the body is not worth reading.
      response.setHeader('connection', 'close')
      sendFault(response, asFault(error, log))
    } finally {
      openCalls--
    }
  }

  const admitted = async (request: IncomingMessage) => {
    const [, contract = '', procedure = ''] = MESH_PATH.exec(request.url ?? '') ?? []
    if (request.method !== 'POST' || contract === '') throw core.UNKNOWN_CALL()
    const service = await tokens.verify(bearer(request), contract)
    if (draining || openCalls > OPEN_CALLS_MAX) throw core.UNAVAILABLE({ retryAfterS: 1 })
    const own = host.own(contract)
    if (!own) throw core.UNKNOWN_CALL({ details: { call: `${contract}.${procedure}` } })
    const version = Number(header(request, HEADER.version))
    if (version !== own.version) {
      throw versionMismatch({ name: contract, version }, { [options.processId]: own.version })
    }
    const shape = header(request, HEADER.shape)
    const isOtherRelease = shape !== undefined && shape !== shapeOf(own)
    const timeoutMs = Number(header(request, HEADER.timeoutMs))
    return {
      contract,
      procedure,
      /** Set when the caller may know of fields that this process does not. */
      tolerated: isOtherRelease ? own.procedures[procedure] : undefined,
      caller: decodeCaller(header(request, HEADER.caller), service),
      timeoutMs: timeoutMs > 0 ? Math.min(timeoutMs, TIMEOUT_MS_MAX) : TIMEOUT_MS_MAX,
      traceparent: header(request, 'traceparent'),
    }
  }

  const server: Server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MAX,
      requestTimeout: REQUEST_MS_MAX,
      headersTimeout: REQUEST_MS_MAX,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => void answer(request, response),
  )
  server.maxConnections = CONNECTIONS_MAX
  server.on('upgrade', (request, socket, head) => {
    if (draining || !options.upgrade?.(request, socket, head)) socket.destroy()
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')
  })

  return {
    get url() {
      return url
    },
    async start() {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      server.once('error', reject)
      server.listen(options.listen.port, options.listen.address, resolve)
      await promise
      server.off('error', reject)
      server.on('error', (error) => log.error({ err: error }, 'the mesh server failed'))
      const bound = server.address()
      const port = typeof bound === 'object' && bound ? bound.port : options.listen.port
      url = `http://${options.listen.address.includes(':') ? `[${options.listen.address}]` : options.listen.address}:${port}`
    },
    async drain(withinMs) {
      draining = true
      const { promise: closed, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, withinMs)
      server.close(() => resolve())
      server.closeIdleConnections()
      await closed
      clearTimeout(timer)
    },
    async stop() {
      draining = true
      const { promise: closed, resolve } = Promise.withResolvers<void>()
      server.close(() => resolve())
      server.closeAllConnections()
      await closed
    },
  }
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** The token that a request carries; empty when it carries none. */
export function bearer(request: IncomingMessage): string {
  const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ')
  return scheme === 'Bearer' ? token : ''
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  if (request.headers['content-type'] !== CONTENT_TYPE) {
    throw core.UNSUPPORTED_MEDIA_TYPE({ message: `Use ${CONTENT_TYPE}.` })
  }
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) throw core.PAYLOAD_TOO_LARGE()
  const chunks: Buffer[] = []
  let bytes = 0
  // Not `for await`: leaving such a loop early destroys the connection before the refusal is on it.
  const { promise: arrived, resolve, reject } = Promise.withResolvers<void>()
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) reject(core.PAYLOAD_TOO_LARGE())
    else chunks.push(chunk)
  })
  request.once('end', resolve)
  request.once('error', reject)
  await arrived
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
}

function packOutput(out: unknown): Buffer {
  const body = pack(out)
  if (body.length > BODY_BYTES_MAX) throw new RangeError(`an answer of ${body.length} bytes does not fit the mesh`)
  return body
}

function asFault(error: unknown, log: Log): Fault {
  if (error instanceof Fault) return error
  log.error({ err: error }, 'the mesh server could not answer')
  return core.INTERNAL()
}

function sendFault(response: ServerResponse, fault: Fault): void {
  if (fault.retryAfterS !== undefined) response.setHeader('retry-after', String(fault.retryAfterS))
  send(response, fault.status, pack(fault.body()))
}

function send(response: ServerResponse, status: number, body: Buffer): void {
  if (response.destroyed) return
  response.writeHead(status, { 'content-type': CONTENT_TYPE, 'content-length': body.length })
  response.end(body)
}
