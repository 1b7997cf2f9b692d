import { setTimeout as delay } from 'node:timers/promises'
import { quietLog, testDatabase } from '@meydan/conformance/harness'
import { migrate, postgresLeases } from '@meydan/drivers/postgres'
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
