import type { IncomingMessage } from 'node:http'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { Limiter } from '@meydan/kernel/rpc'
import { fastify } from 'fastify'
import type { OpenAPIV3 } from 'openapi-types'
import { answerOrigins } from './cors.ts'
import type { Edge } from './edge.ts'
import { isForeign, openForeignDoor, refuseInWords } from './foreign/door.ts'
import type { Checks } from './health.ts'
import { servePages } from './pages.ts'
import { openRestDoor, refuse } from './rest/door.ts'
import { addressLimiter } from './rest/limits.ts'
import { openApi } from './rest/openapi.ts'
import { openSocketDoor } from './socket/door.ts'
import { openSocketIoDoor } from './socketio/door.ts'
import { serveWatchers } from './watch.ts'

export interface GatewayOptions extends Edge {
  readonly version: string
  /** Origins of pages that may call; `*` for all. */
  readonly corsOrigins: readonly string[]
  /** Counts what addresses ask for. */
  readonly limiter: Limiter
  /** Requests of one address in 10 s, over all calls. */
  readonly requestsPerWindow: number
  readonly checks: Checks
  /** Folder of the built page; null when there is none. */
  readonly pages: string | null
}

export interface Gateway {
  /** Gives the address: `http://127.0.0.1:4000`. */
  listen(host: string, port: number): Promise<string>
  drain(withinMs: number): Promise<void>
  close(): Promise<void>
}

const BODY_BYTES_MAX = 1024 * 1024
const REQUEST_MS_MAX = 30_000

/** The edge: all doors, health, metrics, API pages and the players' page, on one port. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const app = fastify({
    logger: false,
    trustProxy: options.trustProxy,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    routerOptions: { maxParamLength: 128 },
    // A prototype's fields in a body are a body's fields like any other, which strict schemas refuse.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    // A URL that cannot even be decoded never reaches a route, nor the error handler.
    frameworkErrors: (error, request, reply) =>
      isForeign(request.url) ? refuseInWords(options, error, reply) : refuse(options, error, request, reply),
  })
  let draining = false
  answerOrigins(app, options.corsOrigins, isForeign)
  // The document is made by openApi() of JSON Schema that Zod itself wrote; the type asks for more than JSON can show.
  const document = openApi(options.contracts, options.version) as Partial<OpenAPIV3.Document> as OpenAPIV3.Document
  await app.register(swagger, { mode: 'static', specification: { document } })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    uiConfig: { docExpansion: 'list', persistAuthorization: true },
  })
  app.get('/openapi.json', async () => document)
  serveWatchers(app, options.metrics, options.checks, () => draining)
  await servePages(app, options.pages)
  const limitAddress = addressLimiter(options.limiter, options.requestsPerWindow)
  openRestDoor(app, options, limitAddress)
  await openForeignDoor(app, options, limitAddress)
  await app.ready()
  const addressOf = (request: IncomingMessage): string => {
    const forwarded = options.trustProxy ? request.headers['x-forwarded-for'] : undefined
    const first = Array.isArray(forwarded) ? forwarded[0] : forwarded?.split(',')[0]
    return first?.trim() ?? request.socket.remoteAddress ?? ''
  }
  const socketDoor = openSocketDoor(options, app.server, addressOf)
  const socketIoDoor = openSocketIoDoor(options, app.server, addressOf, limitAddress)

  return {
    listen: (host, port) => app.listen({ host, port }),
    async drain(withinMs) {
      draining = true
      await Promise.all([socketDoor.drain(withinMs), socketIoDoor.drain(withinMs)])
    },
    async close() {
      await Promise.all([socketDoor.close(), socketIoDoor.close()])
      app.server.closeAllConnections()
      await app.close()
    },
  }
}
