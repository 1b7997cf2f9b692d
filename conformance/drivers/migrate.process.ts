// Run as a process of its own, twice at once, by migrate.pg.test.ts: migrates one schema from one folder.
import { connectPostgres, migrate } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'

const [url = '', folder = ''] = process.argv.slice(2)
const log = createLog({ level: 'silent', pretty: false, name: 'migrate' })
const postgres = await connectPostgres({ url, poolMax: 2, log })
for (const schema of ['shared_a', 'shared_b']) await migrate(postgres.pool, schema, new URL(folder), log)
await postgres.close()
