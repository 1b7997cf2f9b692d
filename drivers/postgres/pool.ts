import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type pg from 'pg'
import { databaseFault, isConnectionLost } from './faults.ts'
import { hotStatements } from './prepared.ts'

/**
 * The pool as Kysely sees it: every error passes through `databaseFault`, and a connection that was lost
 * or stopped answering is closed instead of going back to the pool for the next caller to meet. Hot statements are prepared.
 */
export function guardedPool(pool: pg.Pool): PostgresPool {
  // Kysely keeps what it knows of a connection by the identity of its client.
  const guarded = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  const nameOf = hotStatements()
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      let client: pg.PoolClient
      try {
        client = await pool.connect()
      } catch (error) {
        throw databaseFault(error)
      }
      const known = guarded.get(client) ?? guard(client, nameOf)
      guarded.set(client, known)
      return known
    },
  }
}

interface Answer<R> {
  readonly command: string
  readonly rowCount: number
  readonly rows: R[]
}

function guard(client: pg.PoolClient, nameOf: (text: string) => string | undefined): PostgresPoolClient {
  let lost = false
  async function ask<R extends pg.QueryResultRow>(text: string, parameters: readonly unknown[]): Promise<Answer<R>> {
    try {
      const name = nameOf(text)
      const statement = { text, values: [...parameters], ...(name !== undefined && { name }) }
      const { command, rowCount, rows } = await client.query<R>(statement)
      return { command, rowCount: rowCount ?? 0, rows }
    } catch (error) {
      if (isConnectionLost(error)) lost = true
      throw databaseFault(error)
    }
  }
  function query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  function query<R extends pg.QueryResultRow>(
    text: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<Answer<R>> | PostgresCursor<R> {
    if (typeof text !== 'string') throw new TypeError('cursors are not supported: page by key instead')
    return ask<R>(text, parameters)
  }
  return { query, release: (destroy) => client.release(lost || destroy === true) }
}
