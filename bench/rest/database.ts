import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectPostgres, migrate, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'
import { playersService } from '@meydan/services/players'
import { serveParent } from '../measure/child.ts'

/** The Postgres that both servers read from, with the players' tables and nobody in them. It shares the core of the load. */
const log = createLog({ level: 'warn', pretty: true, name: 'bench' })
const dataDir = await mkdtemp(join(tmpdir(), 'meydan-bench-'))
await chmod(dataDir, 0o755)
const server = await startEmbeddedPostgres({ dataDir, log, throwaway: true })
const players = playersService()
const postgres = await connectPostgres({ url: server.url, poolMax: 1, log })
await migrate(postgres.pool, players.contract.name, players.migrations, log)
await postgres.close()

serveParent(
  async () => ({ postgresUrl: server.url }),
  async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  },
)
