import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { OperatorError } from '@meydan/kernel/config'
import { eventMigrations } from '@meydan/kernel/events'
import type { Log } from '@meydan/kernel/telemetry'
import pg from 'pg'
import { schemaName } from './database.ts'

interface Migration {
  readonly version: number
  readonly file: string
  readonly sql: string
  readonly hash: string
}

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/

/**
 * Brings a schema up to date: first the tables every service has (`kernel/events/migrations`), then the service's own
 * `0001_name.sql` files from `folder`, each in a transaction of its own with `search_path` set to the schema.
 * Processes that start together take turns under an advisory lock. Throws an OperatorError when a file that
 * was applied has changed since, or the database is newer than the code.
 */
export async function migrate(pool: pg.Pool, schema: string, folder: URL | undefined, log: Log): Promise<void> {
  const sets: [string, Migration[]][] = [['kernel', await readMigrations(eventMigrations)]]
  if (folder) sets.push(['service', await readMigrations(folder)])
  // A connection of its own: a migration may rewrite a large table, and waits for whoever is migrating now,
  // so none of the pool's time limits may hold for it.
  const client = new pg.Client({
    ...pool.options,
    statement_timeout: 0,
    lock_timeout: 0,
    idle_in_transaction_session_timeout: 0,
    query_timeout: 0,
  })
  client.on('error', (error) => log.warn({ err: error, schema }, 'the connection was lost while migrating'))
  try {
    await client.connect()
    await client.query('select pg_advisory_lock(hashtextextended($1, 0))', [`meydan.migrate.${schemaName(schema)}`])
    for (const [set, migrations] of sets) await applySet(client, schema, set, migrations, log)
  } finally {
    // This also gives back the lock, and rolls back what a failure left open.
    await client.end()
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const files = (await readdir(folder)).sort()
  return Promise.all(
    files.map(async (file, index) => {
      const version = Number(FILE_NAME.exec(file)?.[1])
      if (version !== index + 1) {
        throw new OperatorError(
          `${new URL(file, folder).pathname}: expected migration ${String(index + 1).padStart(4, '0')}_name.sql here; files are numbered from 0001 without gaps.`,
        )
      }
      const sql = (await readFile(new URL(file, folder), 'utf8')).replaceAll('\r\n', '\n')
      return { version, file, sql, hash: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function applySet(
  client: pg.Client,
  schema: string,
  set: string,
  migrations: readonly Migration[],
  log: Log,
): Promise<void> {
  const applied = await appliedIn(client, schema, set)
  for (const [version, row] of applied) {
    const known = migrations[version - 1]
    if (!known) {
      throw new OperatorError(
        `The database is newer than this Meydan: schema '${schema}' has migration ${row.file}, which is unknown here. Start the newer version, or restore a backup from before it ran.`,
      )
    }
    if (known.hash !== row.hash) {
      throw new OperatorError(
        `Migration ${known.file} of '${schema}' was changed after it had been applied. Put the file back as it was, and write the change as a new migration.`,
      )
    }
  }
  for (const migration of migrations.slice(applied.size)) {
    await applyOne(client, schema, set, migration)
    log.info({ schema, migration: migration.file }, 'migrated')
  }
}

async function appliedIn(client: pg.Client, schema: string, set: string) {
  const { rows: found } = await client.query<{ found: string | null }>('select to_regclass($1)::text as found', [
    `${schema}.migrations`,
  ])
  if (found[0]?.found == null) {
    await client.query(`
      create schema if not exists ${schema};
      create table ${schema}.migrations (
        set text not null,
        version integer not null,
        file text not null,
        hash text not null,
        applied_at timestamptz not null default now(),
        primary key (set, version)
      )`)
  }
  const { rows } = await client.query<{ version: number; file: string; hash: string }>(
    `select version, file, hash from ${schema}.migrations where set = $1 order by version`,
    [set],
  )
  return new Map(rows.map((row) => [row.version, row]))
}

async function applyOne(client: pg.Client, schema: string, set: string, migration: Migration): Promise<void> {
  try {
    await client.query(`begin; set local search_path to ${schema}`)
    await client.query(migration.sql)
    await client.query(`insert into ${schema}.migrations (set, version, file, hash) values ($1, $2, $3, $4)`, [
      set,
      migration.version,
      migration.file,
      migration.hash,
    ])
    await client.query('commit')
  } catch (error) {
    // No rollback here: the caller closes the connection, which is one, even when the connection is what broke.
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`migration ${migration.file} of '${schema}' failed: ${why}`, { cause: error })
  }
}
