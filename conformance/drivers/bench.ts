// `node conformance/drivers/bench.ts` prints how long an event takes from before its transaction begins to its listener,
// and how many go through a second, on an embedded Postgres that flushes to disk.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { event } from '@meydan/contracts/core'
import { pgBossBus } from '@meydan/drivers/pgboss'
import { connectPostgres, migrate, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { consumer, listen, openEvents } from '@meydan/kernel/events'
import { idMaker } from '@meydan/kernel/ids'
import { createLog } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { z } from 'zod'

const SPACED = 300
const SPACE_MS = 10
const BURST = 2_000
const SAID = event('SAID', { data: z.object({ key: z.string(), atMs: z.number() }), key: (data) => data.key })

const log = createLog({ level: 'warn', pretty: true, name: 'bench' })
const dataDir = await mkdtemp(join(tmpdir(), 'meydan-bench-'))
await chmod(dataDir, 0o755)
const server = await startEmbeddedPostgres({ dataDir, log })
const postgres = await connectPostgres({ url: server.url, log })
for (const schema of ['talk', 'ear']) await migrate(postgres.pool, schema, undefined, log)
const bus = pgBossBus({ url: server.url, log })
await bus.start()
const { db, events, relay } = openEvents({
  source: 'talk',
  bus,
  clock: systemClock,
  nextId: idMaker(systemClock, 1),
  log,
  open: (hooks) => postgres.database('talk', hooks),
})
const tookMs: number[] = []
const hear = listen(SAID, 'hear', async (_tx, { data }) => void tookMs.push(performance.now() - data.atMs))
await bus.subscribe(consumer('ear', hear, postgres.database('ear')))
relay.start()

const say = (n: number) =>
  db.transaction((tx) => events.publish(tx, SAID, { key: `k${n % 100}`, atMs: performance.now() }))
const allHeard = async (count: number) => {
  while (tookMs.length < count) await delay(1)
}
const percentile = (part: number) =>
  (tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length * part)] ?? 0).toFixed(1)

for (let n = 0; n < SPACED; n++) {
  await say(n)
  await delay(SPACE_MS)
}
await allHeard(SPACED)
console.log(
  `publish to handled, ${SPACED} events: p50 ${percentile(0.5)} ms, p90 ${percentile(0.9)} ms, p99 ${percentile(0.99)} ms`,
)

tookMs.length = 0
const startMs = performance.now()
await Promise.all(Array.from({ length: BURST }, (_, n) => say(n)))
await allHeard(BURST)
console.log(
  `${BURST} at once: ${Math.round(BURST / ((performance.now() - startMs) / 1_000))} events a second, end to end`,
)

await relay.stop()
await bus.stop(5_000)
await postgres.close()
await server.stop()
await rm(dataDir, { recursive: true })
