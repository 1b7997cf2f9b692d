import { pgBossBus } from '@meydan/drivers/pgboss'
import { connectPostgres, type Postgres, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { readSettings } from '@meydan/kernel/config'
import type { Bus } from '@meydan/kernel/events'
import { createLog, type Log } from '@meydan/kernel/telemetry'
import { openDataFolder } from './data.ts'
import { findRunning } from './running.ts'
import { type PlatformSettings, settings } from './settings.ts'

/** The database's address, and how to let go of it. */
export interface PostgresServer {
  readonly url: string
  stop(): Promise<void>
}

/** The Postgres the settings name, or the embedded one, started. */
export async function openPostgresServer(
  { postgresUrl, data }: Pick<PlatformSettings, 'postgresUrl' | 'data'>,
  log: Log,
  onProgress?: (what: string) => void,
): Promise<PostgresServer> {
  if (postgresUrl !== undefined) return { url: postgresUrl, stop: async () => undefined }
  return startEmbeddedPostgres({ dataDir: data, log, ...(onProgress && { onProgress }) })
}

/** Database and bus, for commands that look at what the platform keeps, whether it runs now or not. */
export interface Stores {
  readonly postgres: Postgres
  readonly bus: Bus
}

export async function withStores(work: (stores: Stores) => Promise<void>): Promise<void> {
  const values = readSettings(settings, process.env)
  const log = createLog({ level: 'error', pretty: true, name: 'meydan' })
  await openDataFolder(values.data)
  const running = await findRunning(values.data)
  const server =
    running === undefined ? await openPostgresServer(values, log) : { url: running, stop: async () => undefined }
  const postgres = await connectPostgres({ url: server.url, poolMax: 2, log, applicationName: 'meydan-cli' })
  const bus = pgBossBus({ url: server.url, log, poolMax: 2 })
  try {
    await bus.start()
    await work({ postgres, bus })
  } finally {
    await bus.stop(1_000)
    await postgres.close()
    await server.stop()
  }
}
