import { quietLog, type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { USER_CREATED } from '@meydan/contracts/identity'
import { pgBossBus } from '@meydan/drivers/pgboss'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningPlatform, startPlatform } from './index.ts'

const WAIT = { timeout: 15_000, interval: 100 }
/** Far above what an idle machine shows, far below what a stuck one would. */
const LAG_S_MAX = 2

let database: TestDatabase
let platform: RunningPlatform
beforeAll(async () => {
  database = await testDatabase('metrics')
  platform = await startPlatform({
    MEYDAN_POSTGRES_URL: database.url,
    MEYDAN_BOT_WAIT_MS: '1500',
    // A room is still running when the platform is stopped, and nobody waits for its end.
    MEYDAN_DRAIN_MS: '100',
  })
})
afterAll(async () => {
  await platform?.stop()
  await database?.close()
})

/** The value of a series as Prometheus reads it: `meydan_calls_total{call="players.me",code="OK"}`. Undefined: not there. */
async function metric(series: string): Promise<number | undefined> {
  const text = await (await fetch(`${platform.url}/metrics`)).text()
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

async function between(series: string, least: number, most: number): Promise<void> {
  const value = await metric(series)
  expect(value, series).toBeGreaterThanOrEqual(least)
  expect(value, series).toBeLessThanOrEqual(most)
}

test('C10 rate, errors and duration of each procedure', async () => {
  const client = createClient({ url: platform.url })
  await client.guest({ displayName: 'Counted' })
  for (let n = 0; n < 3; n++) await client.call.players.me({})
  await expect(client.call.players.get({ playerId: '1' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(await metric('meydan_calls_total{call="players.me",code="OK"}')).toBe(3)
  expect(await metric('meydan_calls_total{call="players.get",code="NOT_FOUND"}')).toBe(1)
  expect(await metric('meydan_call_duration_seconds_count{call="players.me"}')).toBe(3)
  expect(await metric('meydan_call_duration_seconds_bucket{le="10",call="players.me"}')).toBe(3)
  await between('meydan_call_duration_seconds_sum{call="identity.guest"}', 0.000_1, 10)
})

test('C10 event loop lag, sockets, queue depth and the lateness of ticks', async () => {
  const client = createClient({ url: platform.url })
  await client.guest({ displayName: 'Waiting' })
  expect(await metric('meydan_sockets')).toBe(0)
  expect(await metric('meydan_queue_depth')).toBe(0)
  await client.connect()
  expect(await metric('meydan_sockets')).toBe(1)
  const found = new Promise((resolve) => client.on('MATCH_FOUND', resolve))
  await client.call.matchmaking.ask({ game: 'arena' })
  await expect.poll(() => metric('meydan_queue_depth'), WAIT).toBe(1)
  await found
  await expect.poll(() => metric('meydan_tick_lateness_seconds_count'), WAIT).toBeGreaterThan(50)
  expect(await metric('meydan_rooms')).toBe(1)
  const ticks = await metric('meydan_tick_lateness_seconds_count')
  await between('meydan_tick_lateness_seconds_sum', 0.000_001, (ticks ?? 0) * LAG_S_MAX)
  await between('nodejs_eventloop_lag_seconds', 0.000_001, LAG_S_MAX)
  // Of the time since the last scrape, which in this test may be none.
  await between('nodejs_eventloop_lag_p99_seconds', 0, LAG_S_MAX)
  await expect.poll(() => metric('meydan_queue_depth'), WAIT).toBe(0)
  client.close()
  await expect.poll(() => metric('meydan_sockets'), WAIT).toBe(0)
})

test('C6 C10 what waits between services: bus depth, dead letters and the lag of the outbox', async () => {
  const bus = pgBossBus({
    url: database.url,
    log: quietLog,
    poolMax: 3,
    retry: { retries: 0, delayS: 0, delayMaxS: 0 },
  })
  await bus.start()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const events = [USER_CREATED.name]
  await bus.subscribe({ group: 'test.slow', events, handle: () => released })
  await bus.subscribe({ group: 'test.broken', events, handle: () => Promise.reject(new Error('never')) })
  const client = createClient({ url: platform.url })
  await client.guest()
  await expect.poll(() => metric('meydan_bus_depth{group="test.slow"}'), WAIT).toBe(1)
  await expect.poll(() => metric('meydan_bus_dead_letters{group="test.broken"}'), WAIT).toBe(1)
  expect(await metric('meydan_bus_dead_letters{group="players.make-profile"}')).toBe(0)
  release()
  await expect.poll(() => metric('meydan_bus_depth{group="test.slow"}'), WAIT).toBe(0)
  await bus.stop(1_000)

  // As long as another holds the relay's lock, what is published stays in the outbox.
  expect(await metric('meydan_outbox_lag_seconds{service="players"}')).toBe(0)
  const holder = await database.postgres.pool.connect()
  await holder.query("select pg_advisory_lock(hashtextextended('meydan.relay.players', 0))")
  await client.call.players.update({ displayName: 'Held up' })
  await expect.poll(() => metric('meydan_outbox_lag_seconds{service="players"}'), WAIT).toBeGreaterThan(0)
  await between('meydan_outbox_lag_seconds{service="players"}', 0.001, WAIT.timeout / 1_000)
  await holder.query("select pg_advisory_unlock(hashtextextended('meydan.relay.players', 0))")
  holder.release()
  await expect.poll(() => metric('meydan_outbox_lag_seconds{service="players"}'), WAIT).toBe(0)
}, 60_000)
