import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'
import { serveParent } from '../measure/child.ts'

/** The platform's own Postgres in a process of its own, on whatever core that has. It flushes to disk as in earnest. */
const dataDir = await mkdtemp(join(tmpdir(), 'meydan-bench-'))
await chmod(dataDir, 0o755)
const server = await startEmbeddedPostgres({ dataDir, log: createLog({ level: 'warn', pretty: true, name: 'bench' }) })

serveParent(
  async () => ({ url: server.url, pid: process.pid }),
  async () => {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  },
)
