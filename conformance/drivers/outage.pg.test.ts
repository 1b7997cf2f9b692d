import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quietLog } from '@meydan/conformance/harness'
import { event } from '@meydan/contracts/core'
import { pgBossBus } from '@meydan/drivers/pgboss'
import { connectPostgres, migrate, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { consumer, listen, openEvents } from '@meydan/kernel/events'
import { idMaker } from '@meydan/kernel/ids'
import { systemClock } from '@meydan/kernel/time'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'

const WAIT = { timeout: 60_000, interval: 20 }
const SAID = event('SAID', { data: z.object({ n: z.number() }), key: () => 'one' })

test('C6 E2 events go on after Postgres died under publisher, relay and consumer: none lost, none out of order', {
  timeout: 120_000,
}, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'meydan-outage-'))
  await chmod(dataDir, 0o755)
  // As in earnest: a throwaway server may forget what it has committed when it is killed.
  const server = await startEmbeddedPostgres({ dataDir, log: quietLog })
  const postgres = await connectPostgres({ url: server.url, poolMax: 5, log: quietLog })
  await migrate(postgres.pool, 'talk', undefined, quietLog)
  const bus = pgBossBus({ url: server.url, log: quietLog, poolMax: 3 })
  await bus.start()
  const { db, events, relay } = openEvents({
    source: 'talk',
    bus,
    clock: systemClock,
    nextId: idMaker(systemClock, 1),
    log: quietLog,
    open: (hooks) => postgres.database('talk', hooks),
  })
  const heard: number[] = []
  const hear = listen(SAID, 'hear', async (_tx, { data }) => void heard.push(data.n))
  await bus.subscribe(consumer('talk', hear, db))
  relay.start()
  const say = (n: number) => db.transaction((tx) => events.publish(tx, SAID, { n }))

  for (let n = 0; n < 10; n++) await say(n)
  process.kill(server.pid, 'SIGKILL')
  // Its sessions outlive the killed server by a moment.
  await vi.waitFor(() => expect(db.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' }), { ...WAIT, interval: 1 })
  for (let n = 10; n < 20; n++) await vi.waitFor(() => say(n), WAIT)
  // What was being handled when Postgres died may be handled again; in which order it is first heard stays.
  const firsts = () => [...new Set(heard)]
  await vi.waitFor(() => expect(firsts()).toEqual(Array.from({ length: 20 }, (_, n) => n)), WAIT)

  await relay.stop()
  await bus.stop(5_000)
  await postgres.close()
  await server.stop()
  await rm(dataDir, { recursive: true })
})
