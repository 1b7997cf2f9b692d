import { memoryCache } from '@meydan/drivers/memory'
import { connectPostgres } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { type TokenOwner, tokenVerifier } from '@meydan/kernel/tokens'
import { type FastifyRequest, fastify } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { serveParent } from '../measure/child.ts'
import { ServerSetup } from './messages.ts'
import { PlayerInput, POOL_MAX, Profile, shelved } from './routes.ts'

/**
 * What one would write without us: Fastify and Zod by the book, the same schemas in and out, the same check of the same
 * token with the same memory of those it has seen, and the same work in the handlers. No limits, no deadlines, no ids
 * of requests or traces, no metrics, no CORS, no error format.
 */
const { postgresUrl, keys } = ServerSetup.parse(JSON.parse(process.argv[2] ?? ''))
const log = createLog({ level: 'info', pretty: false, name: 'bench' })
const postgres = await connectPostgres({ url: postgresUrl, poolMax: POOL_MAX, log })
const cache = memoryCache(systemClock)
const verify = tokenVerifier(keys, systemClock)

interface Tables {
  profiles: {
    player_id: string
    display_name: string
    avatar: string
    locale: string
    created_at: Date
    deleted_at: Date | null
  }
}
const db = postgres.database('players').tables<Tables>()

function ownerOf(request: FastifyRequest): TokenOwner | Promise<TokenOwner> {
  const token = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) throw Object.assign(new Error('Sign in first.'), { statusCode: 401 })
  return verify(token)
}

const app = fastify({ logger: false })
app.setValidatorCompiler(validatorCompiler)
app.setSerializerCompiler(serializerCompiler)
app.decorateRequest('owner', null)
app.addHook('onRequest', async (request) => {
  request.setDecorator('owner', await ownerOf(request))
})
const typed = app.withTypeProvider<ZodTypeProvider>()
const schema = { params: PlayerInput, response: { 200: Profile } }

typed.get('/v1/shelf/:playerId', { schema }, async ({ params }) => shelved(params.playerId))

typed.get('/v1/players/:playerId', { schema }, async ({ params }) => {
  const row = await db
    .selectFrom('profiles')
    .select(['player_id', 'display_name', 'avatar', 'locale', 'created_at', 'deleted_at'])
    .where('player_id', '=', params.playerId)
    .executeTakeFirst()
  if (!row) throw Object.assign(new Error('There is no such player.'), { statusCode: 404 })
  const [online = false] = await cache.has([`presence:${row.player_id}`])
  return {
    playerId: row.player_id,
    displayName: row.display_name,
    avatar: row.avatar,
    locale: row.locale,
    createdAt: row.created_at.toISOString(),
    online,
  }
})

const url = await app.listen({ host: '127.0.0.1', port: 0 })
serveParent(
  async () => ({ url, cpuUs: process.cpuUsage() }),
  async () => {
    app.server.closeAllConnections()
    await app.close()
    await postgres.close()
  },
)
