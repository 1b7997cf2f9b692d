// Run as a process of its own by crash.pg.test.ts: states facts with their events as fast as it can, says after each
// commit which one it was, and goes on until it is killed.
import { event } from '@meydan/contracts/core'
import { pgBossBus } from '@meydan/drivers/pgboss'
import { connectPostgres } from '@meydan/drivers/postgres'
import { openEvents } from '@meydan/kernel/events'
import { idMaker } from '@meydan/kernel/ids'
import { createLog } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { sql } from 'kysely'
import { z } from 'zod'

const FACT = event('FACT', { data: z.object({ n: z.number() }), key: (data) => String(data.n % 5) })

const [url = '', node = '1'] = process.argv.slice(2)
const log = createLog({ level: 'silent', pretty: false, name: 'crash' })
const postgres = await connectPostgres({ url, poolMax: 4, log })
const bus = pgBossBus({ url, log, poolMax: 2 })
await bus.start()
const { db, events, relay } = openEvents({
  source: 'crash',
  bus,
  clock: systemClock,
  nextId: idMaker(systemClock, Number(node)),
  log,
  open: (hooks) => postgres.database('crash', hooks),
})
relay.start()
for (let n = Number(node) * 1_000_000; ; n++) {
  await db.transaction(async (tx) => {
    await sql`insert into crash.facts (n) values (${n})`.execute(tx)
    await events.publish(tx, FACT, { n })
  })
  process.stdout.write(`${n}\n`)
}
