import { OperatorError } from '@meydan/kernel/config'
import type { Database } from '@meydan/kernel/storage'
import type { Log } from '@meydan/kernel/telemetry'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { type DatabaseOptions, schemaDatabase } from './database.ts'
import { guardedPool } from './pool.ts'
import { refusal } from './refusal.ts'

export interface ConnectOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string
  /** Connections held at most by this process; 20 unless given. */
  readonly poolMax?: number
  readonly log: Log
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string
}

/** One Postgres database, and the pool of connections to it. */
export interface Postgres {
  readonly url: string
  readonly pool: pg.Pool
  /** Untyped and without a schema: for drivers and migrations. Services get `database(schema)`. */
  readonly kysely: Kysely<unknown>
  database(schema: string, options?: DatabaseOptions): Database
  /** Throws UNAVAILABLE while Postgres is away. */
  ping(): Promise<void>
  /** Waits for running statements and closes the connections. Twice is once. */
  close(): Promise<void>
}

const POOL_MAX_DEFAULT = 20
const CONNECT_MS_MAX = 5_000
/** A statement that runs longer is a bug or a lock; either way its caller has gone. */
const STATEMENT_MS_MAX = 10_000
const LOCK_MS_MAX = 8_000
/** A transaction whose process hangs between statements lets go of its locks after this. */
const IDLE_IN_TRANSACTION_MS_MAX = 30_000
/** The client gives up on a server that neither answers nor closes (stopped, or behind a dead network). */
const ANSWER_MS_MAX = STATEMENT_MS_MAX + 2_000

/**
 * Connects, and throws an OperatorError that says what to do when the URL is wrong or nobody answers there.
 * Later losses are UNAVAILABLE faults of the calls that meet them, and heal by themselves.
 */
export async function connectPostgres(options: ConnectOptions): Promise<Postgres> {
  const { url, log } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolMax ?? POOL_MAX_DEFAULT,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: STATEMENT_MS_MAX,
    lock_timeout: LOCK_MS_MAX,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
    query_timeout: ANSWER_MS_MAX,
    application_name: options.applicationName ?? 'meydan',
  })
  // Without a listener the loss of an idle connection would end the process.
  let closing: Promise<void> | undefined
  pool.on('error', (error) => {
    if (!closing) log.warn({ reason: error.message }, 'an idle connection to Postgres was lost')
  })
  // The same for one that is lent out and lost between two statements; whoever has it learns it from his next one.
  pool.on('connect', (client) => client.on('error', (error) => log.debug({ reason: error.message }, 'connection lost')))
  try {
    await checkServer(pool)
  } catch (error) {
    await pool.end()
    throw refusal(url, error)
  }

  const kysely = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: guardedPool(pool) }) })
  const ping = async () => {
    const client = await guardedPool(pool).connect()
    try {
      await client.query('select 1', [])
    } finally {
      client.release()
    }
  }
  return {
    url,
    pool,
    kysely,
    database: (schema, databaseOptions = {}) => schemaDatabase(kysely, schema, ping, databaseOptions),
    ping,
    close() {
      closing ??= pool.end()
      return closing
    },
  }
}

/** The oldest Postgres whose SQL the services use. */
const SERVER_VERSION_MIN = 150_000

async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ version: number; name: string }>(
    "select current_setting('server_version_num')::int as version, current_setting('server_version') as name",
  )
  const server = rows[0]
  if (server && server.version < SERVER_VERSION_MIN) {
    throw new OperatorError(`Postgres ${server.name} is too old for Meydan: use version 15 or newer.`)
  }
}
