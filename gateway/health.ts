import type { FastifyInstance } from 'fastify'

/** What readiness asks: each resolves when that part answers, and rejects with why it does not. */
export type Checks = Readonly<Record<string, () => Promise<void>>>

const CHECK_MS_MAX = 2_000

/** `/livez` asks nobody; `/readyz` asks what this process needs (DESIGN §10). */
export function serveHealth(app: FastifyInstance, checks: Checks, isDraining: () => boolean): void {
  app.get('/livez', async () => ({ status: 'alive' }))
  app.get('/readyz', async (_request, reply) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await ask(check)] as const),
    )
    const ready = !isDraining() && results.every(([, result]) => result === 'ok')
    const status = ready ? 'ready' : isDraining() ? 'draining' : 'not ready'
    if (!ready) reply.header('retry-after', '1')
    return reply.code(ready ? 200 : 503).send({ status, checks: Object.fromEntries(results) })
  })
}

async function ask(check: () => Promise<void>): Promise<string> {
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(() => resolve('no answer in time'), CHECK_MS_MAX)
  try {
    return await Promise.race([check().then(() => 'ok'), late])
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    clearTimeout(timer)
  }
}
