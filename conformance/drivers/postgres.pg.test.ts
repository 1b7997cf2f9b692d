import { setTimeout as delay } from 'node:timers/promises'
import { quietLog, testDatabase } from '@meydan/conformance/harness'
import { migrate, postgresLeases } from '@meydan/drivers/postgres'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { databaseSuite } from './database.ts'
import { leasesSuite } from './leases.ts'

databaseSuite('postgres', async () => {
  const { postgres, close } = await testDatabase('database_suite')
  const committed: object[] = []
  for (const schema of ['ours', 'theirs']) {
    await migrate(postgres.pool, schema, undefined, quietLog)
    await postgres.pool.query(`create table ${schema}.notes (id bigint primary key, text text not null)`)
  }
  return {
    db: postgres.database('ours', { afterCommit: (tx) => committed.push(tx) }),
    other: postgres.database('theirs'),
    committed,
    close,
  }
})

leasesSuite('postgres', async () => {
  const { postgres, close } = await testDatabase('leases_suite')
  return { leases: await postgresLeases(postgres, quietLog), pass: (ms) => delay(ms), close }
})

test('P6 a hot statement survives a migration that changes its table', async () => {
  const { postgres, close } = await testDatabase('prepared_suite')
  try {
    await postgres.pool.query('create schema hot')
    await postgres.pool.query('create table hot.things (id int primary key, size int not null)')
    const db = postgres.database('hot').tables<{ things: { id: number; size: number } }>()
    const read = () => db.selectFrom('things').select(['id', 'size']).where('id', '=', 1).execute()
    await db.insertInto('things').values({ id: 1, size: 2 }).execute()
    for (let run = 0; run < 100; run++) await read()
    const prepared = await sql<{ n: number }>`select count(*)::int as n from pg_prepared_statements
      where name like 'meydan%'`.execute(db)
    expect(prepared.rows[0]?.n).toBe(1)

    await postgres.pool.query('alter table hot.things add column colour text')
    expect(await read(), 'a new column is no matter').toEqual([{ id: 1, size: 2 }])
    await postgres.pool.query('alter table hot.things alter column size type text')
    await expect(read()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await read(), 'on a connection that knows the table as it is').toEqual([{ id: 1, size: '2' }])
  } finally {
    await close()
  }
})
