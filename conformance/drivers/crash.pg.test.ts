import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { quietLog, type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { event } from '@meydan/contracts/core'
import { pgBossBus } from '@meydan/drivers/pgboss'
import { migrate } from '@meydan/drivers/postgres'
import { consumer, listen, openEvents } from '@meydan/kernel/events'
import { idMaker } from '@meydan/kernel/ids'
import { systemClock } from '@meydan/kernel/time'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'

const WAIT = { timeout: 30_000, interval: 20 }

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase('crash')
  await migrate(database.postgres.pool, 'crash', undefined, quietLog)
  await database.postgres.pool.query(`
    create table crash.facts (n integer primary key);
    create table crash.heard (n integer not null)`)
})
afterAll(() => database.close())

test('C6 E1 E3 of facts committed by a process that is killed again and again every event arrives, once', {
  timeout: 120_000,
}, async () => {
  const bus = pgBossBus({ url: database.url, log: quietLog, poolMax: 3 })
  await bus.start()
  const db = database.postgres.database('crash')
  const FACT = event('FACT', { data: z.object({ n: z.number() }), key: (data) => String(data.n % 5) })
  const note = listen(FACT, 'note', async (tx, { data }) => {
    await sql`insert into crash.heard (n) values (${data.n})`.execute(tx)
  })
  await bus.subscribe(consumer('crash', note, db))

  const said: number[] = []
  for (let life = 1; life <= 3; life++) said.push(...(await runAndKill(life, 40 * life)))
  expect(said.length).toBeGreaterThanOrEqual(240)

  const { relay } = openEvents({
    source: 'crash',
    bus,
    clock: systemClock,
    nextId: idMaker(systemClock, 9),
    log: quietLog,
    open: (hooks) => database.postgres.database('crash', hooks),
  })
  relay.start()
  const numbers = async (table: string) => {
    const { rows } = await database.postgres.pool.query<{ n: number }>(`select n from crash.${table} order by n`)
    return rows.map(({ n }) => n)
  }
  await vi.waitFor(async () => expect(await numbers('heard')).toEqual(await numbers('facts')), WAIT)
  // What it said was committed is committed.
  expect(await numbers('facts')).toEqual(expect.arrayContaining(said))
  await relay.stop()
  await bus.stop(5_000)
})

async function runAndKill(node: number, afterFacts: number): Promise<number[]> {
  const fixture = fileURLToPath(new URL('./crash.process.ts', import.meta.url))
  const child = spawn(process.execPath, [fixture, database.url, String(node)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(Number(line))
    if (said.length === afterFacts) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return said
}
