import type { Database } from '@meydan/kernel/storage'
import type { Kysely, Transaction } from 'kysely'

export interface DatabaseOptions {
  /** Told after each commit with the transaction that was committed. Must not throw. */
  readonly afterCommit?: (tx: object) => void
}

const SCHEMA_NAME = /^[a-z][a-z0-9_]{0,62}$/

/** A schema's name as it may stand in SQL; throws a RangeError for anything that would need quoting. */
export function schemaName(schema: string): string {
  if (!SCHEMA_NAME.test(schema)) throw new RangeError(`'${schema}' is no name for a schema: use a-z, 0-9 and _`)
  return schema
}

/** One service's schema over a shared pool. */
export function schemaDatabase(
  kysely: Kysely<unknown>,
  schema: string,
  ping: () => Promise<void>,
  options: DatabaseOptions,
): Database {
  const bound = kysely.withSchema(schemaName(schema))
  return {
    schema,
    // A service's tables are its migrations'; the type it gives is its own word about them.
    tables: <Tables>() => bound as Kysely<Tables>,
    async transaction<Tables, R>(work: (tx: Transaction<Tables>) => Promise<R>): Promise<R> {
      let committed: Transaction<Tables> | undefined
      const result = await bound.transaction().execute((tx) => {
        committed = tx as Transaction<Tables>
        return work(committed)
      })
      if (committed) options.afterCommit?.(committed)
      return result
    },
    ping,
  }
}
