import { randomBytes } from 'node:crypto'
import { connectPostgres, type Postgres } from '@meydan/drivers/postgres'
import { inject } from 'vitest'
import { quietLog } from './quiet.ts'

export interface TestDatabase {
  readonly url: string
  readonly postgres: Postgres
  /** Closes the pool and drops the database. */
  close(): Promise<void>
}

const POOL_MAX = 5

/** A fresh, empty database on the run's Postgres. `name` is only for people looking at the server. */
export async function testDatabase(name = 'test'): Promise<TestDatabase> {
  const server = await runPostgres()
  const database = `${name.replace(/[^a-z0-9]/g, '_').slice(0, 40)}_${randomBytes(6).toString('hex')}`
  await onServer(server, `create database ${database}`)
  const url = new URL(server)
  url.pathname = `/${database}`
  const postgres = await connectPostgres({ url: url.href, poolMax: POOL_MAX, log: quietLog })
  return {
    url: url.href,
    postgres,
    async close() {
      await postgres.close()
      await onServer(server, `drop database if exists ${database} with (force)`)
    },
  }
}

/** The URL of the Postgres that all tests of this run share. */
export async function runPostgres(): Promise<string> {
  const answer = await fetch(inject('postgresDoor'))
  const text = await answer.text()
  if (!answer.ok) throw new Error(`no Postgres for the tests: ${text}`)
  return text
}

async function onServer(server: string, statement: string): Promise<void> {
  const postgres = await connectPostgres({ url: server, poolMax: 1, log: quietLog })
  try {
    await postgres.pool.query(statement)
  } finally {
    await postgres.close()
  }
}
