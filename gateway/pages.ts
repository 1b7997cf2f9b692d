import { existsSync } from 'node:fs'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/**
 * Only what the page itself needs: its own scripts and styles, its icon (which is data), and its own server, whose sockets 'self' includes
 * (CSP 3: Chrome 70, Safari 15.4). No code from text, no inline script or style, no worker, and no text that becomes markup or code.
 */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const HASHED_FILE_S = 31_536_000

/** The players' page under /app, with /feedback as a way in that can be said aloud (A13). Without a built page it says how to build one. */
export async function servePages(app: FastifyInstance, folder: string | null): Promise<void> {
  app.get('/', (_request, reply) => reply.redirect('/app/'))
  app.get('/app', (_request, reply) => reply.redirect('/app/'))
  for (const path of ['/feedback', '/feedback/']) app.get(path, (_request, reply) => reply.redirect('/app/feedback'))
  if (folder === null || !existsSync(folder)) {
    app.get('/app/*', (_request, reply) =>
      reply.code(404).type('text/plain').send('The page is not built: npm run build -w apps/web\n'),
    )
    return
  }
  await app.register(
    async (pages) => {
      // The page's own places, such as /app/leaderboards, are no files: the page that is loaded there finds its way itself.
      pages.setNotFoundHandler((request, reply) => {
        if (!isPlace(request)) return reply.code(404).type('text/plain').send('There is no such file.\n')
        return reply.sendFile('index.html')
      })
      await pages.register(fastifyStatic, {
        root: folder,
        cacheControl: false,
        setHeaders(reply, path) {
          const hashed = path.includes('/assets/')
          reply.header('cache-control', hashed ? `public, max-age=${HASHED_FILE_S}, immutable` : 'no-cache')
          protect(reply)
        },
      })
    },
    { prefix: '/app/' },
  )
}

/** Whether somebody opens a place of the page by its address, rather than asks for a file that is not there. */
function isPlace({ method, url }: FastifyRequest): boolean {
  const [path = ''] = url.split('?')
  return (method === 'GET' || method === 'HEAD') && !path.startsWith('/app/assets/') && !path.includes('.')
}

type Headers = Parameters<NonNullable<Parameters<typeof fastifyStatic>[1]['setHeaders']>>[0]

function protect(reply: Headers): void {
  reply.header('content-security-policy', CONTENT_POLICY)
  reply.header('x-content-type-options', 'nosniff')
  reply.header('referrer-policy', 'no-referrer')
}
