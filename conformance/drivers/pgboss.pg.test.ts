import { quietLog, testDatabase } from '@meydan/conformance/harness'
import { pgBossBus } from '@meydan/drivers/pgboss'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { busSuite, envelope, RETRIES_UNDER_TEST } from './bus.ts'

const retry = { retries: RETRIES_UNDER_TEST, delayS: 0, delayMaxS: 0 }

busSuite('pgboss', async () => {
  const database = await testDatabase('bus_suite')
  return {
    async connect() {
      const bus = pgBossBus({ url: database.url, log: quietLog, retry, poolMax: 3 })
      await bus.start()
      return bus
    },
    close: () => database.close(),
  }
})

let database: Awaited<ReturnType<typeof testDatabase>>
beforeAll(async () => {
  database = await testDatabase('bus_more')
})
afterAll(() => database.close())

test('E2 a batch that is handed over twice is handled once', async () => {
  const bus = pgBossBus({ url: database.url, log: quietLog, retry, poolMax: 3 })
  await bus.start()
  const heard: unknown[] = []
  await bus.subscribe({ group: 'twice', events: ['SAID'], handle: async ({ data }) => void heard.push(data) })
  const batch = [envelope('SAID', 'a', 1), envelope('SAID', 'b', 2)]
  await bus.publish(batch)
  await bus.publish([...batch, envelope('SAID', 'a', 3)])
  await vi.waitFor(() => expect(heard.toSorted()).toEqual([1, 2, 3]), { timeout: 10_000 })
  await bus.stop(5_000)
})

test('E5 events of a key stay in order when a later one has the smaller id', async () => {
  const bus = pgBossBus({ url: database.url, log: quietLog, retry, poolMax: 3 })
  await bus.start()
  const heard: unknown[] = []
  await bus.subscribe({ group: 'ids', events: ['STEP'], handle: async ({ data }) => void heard.push(data) })
  const [small, large] = [envelope('STEP', 'a', 'second'), envelope('STEP', 'a', 'first')]
  await bus.publish([large, small, envelope('STEP', 'a', 'third')])
  await vi.waitFor(() => expect(heard).toEqual(['first', 'second', 'third']), { timeout: 10_000 })
  await bus.stop(5_000)
})
