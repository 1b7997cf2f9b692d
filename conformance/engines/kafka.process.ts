// Run as a process of its own by kafka.engines.test.ts: a member of a group that says which events it begins and ends to
// handle, until it is killed.
import { setTimeout as delay } from 'node:timers/promises'
import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { kafkaBus } from '@meydan/drivers/kafka'
import { systemClock } from '@meydan/kernel/time'

const [broker = '', group = '', event = '', handleMs = '0'] = process.argv.slice(2)
const bus = kafkaBus({
  brokers: [broker],
  log: quietLog,
  metrics: quietMetrics,
  clock: systemClock,
  partitions: 3,
  retentionDays: 1,
})
await bus.start()
await bus.subscribe({
  group,
  events: [event],
  handle: async ({ key, data }) => {
    await delay(Number(handleMs))
    process.stdout.write(`${key} ${data}\n`)
  },
})
