import { type KafkaAccess, kafkaBus } from '@meydan/drivers/kafka'
import { pgBossBus } from '@meydan/drivers/pgboss'
import { connectPostgres, type Postgres, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { OperatorError, readSettings } from '@meydan/kernel/config'
import { type Bus, RETRY_DEFAULT } from '@meydan/kernel/events'
import { createLog, createMetrics, type Log, type Metrics } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { trustAuthorities } from './authorities.ts'
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

export interface BusParts {
  /** Of the database whose schemas hold the outboxes. */
  readonly postgresUrl: string
  readonly log: Log
  readonly metrics: Metrics
  /** Connections to Postgres at most, for a bus that stands on it. */
  readonly poolMax?: number
}

/**
 * The bus that the settings ask for. Readiness does not ask it: while it is away every call is answered and events wait in the outbox, which the
 * metrics tell (`meydan_outbox_lag_seconds`).
 */
export function makeBus(values: PlatformSettings, parts: BusParts): Bus {
  const { kafkaBrokers, kafkaPartitions, kafkaRetentionDays } = values
  const retry = { ...RETRY_DEFAULT, retries: values.eventRetries }
  const { postgresUrl, log, metrics, poolMax } = parts
  if (kafkaBrokers.length === 0) {
    return pgBossBus({ url: postgresUrl, log, retry, ...(poolMax !== undefined && { poolMax }) })
  }
  return kafkaBus({
    brokers: kafkaBrokers,
    access: kafkaAccess(values),
    partitions: kafkaPartitions,
    retentionDays: kafkaRetentionDays,
    retry,
    log,
    metrics,
    clock: systemClock,
  })
}

const MECHANISMS = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const

type KafkaSettings = Pick<PlatformSettings, 'kafkaTls' | 'kafkaSasl' | 'kafkaUser' | 'kafkaPassword'>

/** Throws an OperatorError when user, password and the way to show them are not all there, or all absent. */
export function kafkaAccess({ kafkaTls: tls, kafkaSasl, kafkaUser, kafkaPassword }: KafkaSettings): KafkaAccess {
  if (kafkaSasl === undefined && kafkaUser === undefined && kafkaPassword === undefined) return { tls }
  if (kafkaSasl === undefined || kafkaUser === undefined || kafkaPassword === undefined) {
    throw new OperatorError(
      'MEYDAN_KAFKA_SASL, MEYDAN_KAFKA_USER and MEYDAN_KAFKA_PASSWORD go together: set all three, or none.',
    )
  }
  return { tls, sasl: { mechanism: MECHANISMS[kafkaSasl], username: kafkaUser, password: kafkaPassword } }
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
  await trustAuthorities(values.authorities)
  const running = await findRunning(values.data)
  const server =
    running === undefined ? await openPostgresServer(values, log) : { url: running, stop: async () => undefined }
  const postgres = await connectPostgres({ url: server.url, poolMax: 2, log, applicationName: 'meydan-cli' })
  const bus = makeBus(values, { postgresUrl: server.url, log, metrics: createMetrics(), poolMax: 2 })
  try {
    await bus.start()
    await work({ postgres, bus })
  } finally {
    await bus.stop(1_000)
    await postgres.close()
    await server.stop()
  }
}
