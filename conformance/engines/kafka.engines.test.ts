import { type KafkaBroker, kafkaBroker, kafkaIsMissing, quietLog, quietMetrics } from '@meydan/conformance/harness'
import { kafkaBus } from '@meydan/drivers/kafka'
import { systemClock } from '@meydan/kernel/time'
import { describe } from 'vitest'
import { busSuite, RETRIES_UNDER_TEST } from '../drivers/index.ts'

const retry = { retries: RETRIES_UNDER_TEST, delayS: 0, delayMaxS: 0 }
const options = { log: quietLog, metrics: quietMetrics, clock: systemClock, partitions: 3, retentionDays: 1, retry }

describe.skipIf(kafkaIsMissing())('Kafka', () => {
  busSuite('kafka', async () => {
    const broker: KafkaBroker = await kafkaBroker()
    return {
      async connect() {
        const bus = kafkaBus({ ...options, brokers: [broker.address] })
        await bus.start()
        return bus
      },
      close: () => broker.close(),
    }
  })
})
