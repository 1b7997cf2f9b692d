// Run as a process of its own by embedded.pg.test.ts: starts a Postgres in the given folder, says where, and waits.
import { startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'

const [dataDir = '', systemDir = ''] = process.argv.slice(2)
const log = createLog({ level: 'silent', pretty: false, name: 'embedded' })
const { url, pid } = await startEmbeddedPostgres({ dataDir, systemDir, log })
process.stdout.write(`${JSON.stringify({ url, pid })}\n`)
setInterval(() => {}, 60_000)
