import type { Kysely, Transaction } from 'kysely'

/** One service's schema in Postgres. */
export interface Database {
  readonly schema: string
  /**
   * Typed by the service's own tables, with the schema set for every table named through the builder.
   * In `sql` templates write the schema out.
   */
  tables<Tables>(): Kysely<Tables>
  /**
   * Runs `work` in one READ COMMITTED transaction: committed when it returns, rolled back when it throws.
   * After the commit the outbox is relayed at once.
   */
  transaction<Tables, R>(work: (tx: Transaction<Tables>) => Promise<R>): Promise<R>
  /** Throws UNAVAILABLE while Postgres is away. */
  ping(): Promise<void>
}
