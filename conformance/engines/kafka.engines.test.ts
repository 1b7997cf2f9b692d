import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type KafkaBroker, kafkaBroker, quietLog, quietMetrics } from '@meydan/conformance/harness'
import { type KafkaBusOptions, kafkaBus } from '@meydan/drivers/kafka'
import type { Bus, Envelope } from '@meydan/kernel/events'
import { systemClock } from '@meydan/kernel/time'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { busSuite, envelope, RETRIES_UNDER_TEST } from '../drivers/index.ts'

const WAIT = { timeout: 30_000, interval: 20 }
const STOP_MS = 5_000
const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const retry = { retries: RETRIES_UNDER_TEST, delayS: 0, delayMaxS: 0 }
const options = { log: quietLog, metrics: quietMetrics, clock: systemClock, partitions: 3, retentionDays: 1, retry }

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => from + n)
const steps = (event: string, from: number, to: number) =>
  range(from, to).flatMap((step) => KEYS.map((key) => envelope(event, key, step)))

/** What was heard, by key; what came a second time is left out. */
function firsts(heard: readonly { readonly key: string; readonly data: unknown }[]): Record<string, number[]> {
  const byKey = Map.groupBy(heard, ({ key }) => key)
  return Object.fromEntries(
    KEYS.map((key) => [key, [...new Set((byKey.get(key) ?? []).map(({ data }) => Number(data)))]]),
  )
}

const everyKey = (expected: number[]) => Object.fromEntries(KEYS.map((key) => [key, expected]))

describe('Kafka', () => {
  let broker: KafkaBroker
  beforeAll(async () => {
    broker = await kafkaBroker()
  })
  afterAll(() => broker?.close())

  async function connect(more: Partial<KafkaBusOptions> = {}): Promise<Bus> {
    const bus = kafkaBus({ ...options, brokers: [broker.address], ...more })
    await bus.start()
    onTestFinished(() => bus.stop(STOP_MS))
    return bus
  }

  busSuite('kafka', async () => ({
    async connect() {
      const bus = kafkaBus({ ...options, brokers: [broker.address] })
      await bus.start()
      return bus
    },
    close: async () => undefined,
  }))

  test('C6 E2 E5 events go on after the broker died for some seconds: none lost, none out of order, nothing restarted', {
    timeout: 180_000,
  }, async () => {
    const bus = await connect()
    const heard: Envelope[] = []
    await bus.subscribe({ group: 'outage', events: ['OUTAGE'], handle: async (it) => void heard.push(it) })
    // As the relay does: a batch that was not taken is handed over again.
    const insist = (batch: Envelope[]) => vi.waitFor(() => bus.publish(batch), { timeout: 60_000, interval: 200 })
    await insist(steps('OUTAGE', 0, 10))
    await broker.kill()
    await expect(bus.depth()).rejects.toThrow()
    const more = (async () => {
      for (const step of range(10, 20)) await insist(steps('OUTAGE', step, step + 1))
    })()
    await delay(3_000)
    await broker.start()
    await more
    await vi.waitFor(() => expect(firsts(heard)).toEqual(everyKey(range(0, 20))), { ...WAIT, timeout: 60_000 })
    await bus.depth()
  })

  test('C6 E4 E10 two processes share a group, and the work of a killed one goes on in order', {
    timeout: 120_000,
  }, async () => {
    const bus = await connect()
    const heard: { key: string; data: number; who: string }[] = []
    const hear =
      (who: string) =>
      async ({ key, data }: Envelope) =>
        void heard.push({ key, data: Number(data), who })
    await bus.subscribe({ group: 'killed', events: ['KILLED'], handle: hear('survivor') })
    const fixture = fileURLToPath(new URL('./kafka.process.ts', import.meta.url))
    const child = spawn(process.execPath, [fixture, broker.address, 'killed', 'KILLED', '20'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(child, 'exit')
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [key = '', data] = line.split(' ')
      heard.push({ key, data: Number(data), who: 'victim' })
    })
    let published = 0
    const whoever = () => new Set(heard.map(({ who }) => who))
    while (!whoever().has('victim') || published < 10) {
      await bus.publish(steps('KILLED', published, ++published))
      await delay(50)
    }
    // More than it can have handled when it dies: what it has read of these must come to the other.
    const burst = published
    await bus.publish(steps('KILLED', burst, burst + 30))
    await vi.waitFor(() => expect(heard.some(({ data, who }) => who === 'victim' && data >= burst)).toBe(true), WAIT)
    child.kill('SIGKILL')
    await exited
    await vi.waitFor(() => expect(firsts(heard)).toEqual(everyKey(range(0, burst + 30))), {
      ...WAIT,
      timeout: 60_000,
    })
    expect(whoever()).toEqual(new Set(['survivor', 'victim']))
  })

  test('E5 members come and go, and no event of a key is lost, out of order, or handled beside another', {
    timeout: 120_000,
  }, async () => {
    const publisher = await connect()
    const heard: Envelope[] = []
    const running = new Set<string>()
    const overlaps: string[] = []
    const handle = async (it: Envelope) => {
      if (running.has(it.key)) overlaps.push(`${it.key} ${it.data}`)
      running.add(it.key)
      await delay(Number(it.data) % 4)
      running.delete(it.key)
      heard.push(it)
    }
    const member = async () => {
      const bus = await connect()
      await bus.subscribe({ group: 'moving', events: ['MOVING'], handle })
      return bus
    }
    const first = await member()
    let step = 0
    const publishing = new AbortController()
    const publish = async () => {
      while (!publishing.signal.aborted) {
        await publisher.publish(steps('MOVING', step, step + 5))
        step += 5
        await delay(10)
      }
    }
    const published = publish()
    const second = await member()
    await delay(1_500)
    const third = await member()
    await delay(1_500)
    await first.stop(STOP_MS)
    await delay(500)
    await second.stop(STOP_MS)
    publishing.abort()
    await published
    await vi.waitFor(() => expect(firsts(heard)).toEqual(everyKey(range(0, step))), WAIT)
    expect(overlaps).toEqual([])
    await third.stop(STOP_MS)
  })

  test('C6 E8 while an event waits to be tried again its key waits in order, also in the process that takes over', async () => {
    const slow = { retries: 3, delayS: 1, delayMaxS: 1 }
    const [one, publisher] = [await connect({ retry: slow }), await connect()]
    const log: string[] = []
    let broken = true
    const handle = async ({ key, data }: Envelope) => {
      log.push(`${key} ${data}`)
      if (data === 'poison' && broken) throw new Error('cannot')
    }
    await one.subscribe({ group: 'handed', events: ['HANDED'], handle })
    await publisher.publish([envelope('HANDED', 'sick', 'poison'), envelope('HANDED', 'sick', 'second')])
    await vi.waitFor(() => expect(log).toContain('sick poison'), WAIT)
    await one.stop(STOP_MS)
    broken = false
    log.length = 0
    await publisher.publish([envelope('HANDED', 'sick', 'third'), envelope('HANDED', 'well', 'one')])
    const two = await connect({ retry: slow })
    await two.subscribe({ group: 'handed', events: ['HANDED'], handle })
    await vi.waitFor(() => expect(log).toHaveLength(4), WAIT)
    expect(log.filter((line) => line.startsWith('sick'))).toEqual(['sick poison', 'sick second', 'sick third'])
    expect(log.indexOf('well one')).toBeLessThan(log.indexOf('sick third'))
    await vi.waitFor(async () => expect(await publisher.depth()).toMatchObject({ handed: 0 }), WAIT)
  })
})
