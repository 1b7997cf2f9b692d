import type { FastifyInstance, FastifyReply } from 'fastify'

/** What a page may read of an answer besides its body. */
const EXPOSED = 'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id, X-Trace-Id, Meydan-Sealed-Type'
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
/** Browsers ask again after this at the latest, whatever they are told (Chromium: two hours). */
const PREFLIGHT_KEPT_S = 7_200

/**
 * Answers pages of other origins (https://fetch.spec.whatwg.org/#http-cors-protocol): those of `origins`, or all with `*`, and all where
 * `isOpen` says so of a URL. No cookies are taken, so nothing is allowed with credentials. Requests that no page made, which most are, cost one header.
 */
export function answerOrigins(
  app: FastifyInstance,
  origins: readonly string[],
  isOpen: (url: string) => boolean,
): void {
  const all = origins.includes('*')
  const allowed = new Set(origins)
  app.addHook('onRequest', (request, reply, done) => {
    // What is answered depends on who asks, and caches must know so also from answers to nobody's page.
    reply.header('vary', 'Origin')
    const { origin } = request.headers
    const any = all || isOpen(request.url)
    if (origin === undefined || !(any || allowed.has(origin))) return done()
    reply.header('access-control-allow-origin', any ? '*' : origin)
    reply.header('access-control-expose-headers', EXPOSED)
    const isPreflight = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers
    if (!isPreflight) return done()
    allowCall(reply, request.headers['access-control-request-headers'])
  })
}

/** Whoever may call at all may send what he likes: what comes is judged when it comes. */
function allowCall(reply: FastifyReply, headersAsked: string | undefined): void {
  reply.header('access-control-allow-methods', METHODS)
  if (headersAsked !== undefined) reply.header('access-control-allow-headers', headersAsked)
  reply.header('access-control-max-age', String(PREFLIGHT_KEPT_S))
  reply.code(204).send()
}
