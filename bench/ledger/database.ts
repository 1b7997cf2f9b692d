import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectPostgres, migrate, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'
import { walletService } from '@meydan/services/wallet'
import { serveParent } from '../measure/child.ts'
import { PLAYERS } from './messages.ts'

/** The Postgres of both, with the ledger's tables and players who have money. It flushes to disk as in earnest. */
const log = createLog({ level: 'warn', pretty: true, name: 'bench' })
const dataDir = await mkdtemp(join(tmpdir(), 'meydan-bench-'))
await chmod(dataDir, 0o755)
const server = await startEmbeddedPostgres({ dataDir, log })
const wallet = walletService({ currencies: new Map() })
const postgres = await connectPostgres({ url: server.url, poolMax: 1, log })
await migrate(postgres.pool, wallet.contract.name, wallet.migrations, log)
await postgres.pool.query(
  `insert into wallet.accounts (owner, currency, balance) select 'player:' || n, 'coins', 1e12 from generate_series(1, ${PLAYERS}) as n`,
)
await postgres.close()

serveParent(
  async () => ({ url: server.url, pid: process.pid }),
  async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  },
)
