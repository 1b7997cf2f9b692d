import type { Lease, Leases } from '@meydan/kernel/storage'
import type { Log } from '@meydan/kernel/telemetry'
import { sql } from 'kysely'
import type { Postgres } from './connect.ts'
import { migrate } from './migrate.ts'

const SCHEMA = 'platform'

interface Row {
  readonly name: string
  readonly owner: string
  readonly token: string
}

/**
 * Leases in a table, for processes that share a Postgres but no Redis. Time is the database server's, so that holders need
 * not agree about theirs. A renewal costs one write.
 */
export async function postgresLeases(postgres: Postgres, log: Log): Promise<Leases> {
  await migrate(postgres.pool, SCHEMA, new URL('./migrations/', import.meta.url), log)
  const { kysely } = postgres
  const until = (ttlMs: number) => sql`clock_timestamp() + make_interval(secs => ${ttlMs / 1_000}::float8)`
  return {
    async acquire(name, owner, ttlMs) {
      const { rows } = await sql<Row>`
        insert into platform.leases as held (name, owner, token, until)
        values (${name}, ${owner}, nextval('platform.lease_tokens'), ${until(ttlMs)})
        on conflict (name) do update set
          owner = excluded.owner,
          token = case when held.until > clock_timestamp() then held.token else excluded.token end,
          until = excluded.until
        where held.until <= clock_timestamp() or held.owner = excluded.owner
        returning name, owner, token`.execute(kysely)
      return rows[0] ? leaseOf(rows[0]) : null
    },
    async renew(lease, ttlMs) {
      const { numAffectedRows = 0n } = await sql`
        update platform.leases set until = ${until(ttlMs)}
        where name = ${lease.name} and owner = ${lease.owner} and token = ${lease.token.toString()}
          and until > clock_timestamp()`.execute(kysely)
      return numAffectedRows > 0n
    },
    async release(lease) {
      await sql`delete from platform.leases
        where name = ${lease.name} and owner = ${lease.owner} and token = ${lease.token.toString()}`.execute(kysely)
    },
    async holder(name) {
      const { rows } = await sql<Row>`select name, owner, token from platform.leases
        where name = ${name} and until > clock_timestamp()`.execute(kysely)
      return rows[0] ? leaseOf(rows[0]) : null
    },
  }
}

function leaseOf({ name, owner, token }: Row): Lease {
  return { name, owner, token: BigInt(token) }
}
