import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type KafkaBroker, kafkaBroker, quietLog, quietMetrics } from '@meydan/conformance/harness'
import { freePort, type RunningPlatform, startPlatform } from '@meydan/conformance/platform'
import { kafkaBus } from '@meydan/drivers/kafka'
import { systemClock } from '@meydan/kernel/time'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { envelope } from '../drivers/index.ts'

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
const WAIT = { timeout: 30_000, interval: 100 }
const START_MS_MAX = 30_000

describe('the platform on Kafka', () => {
  let folder: string
  let broker: KafkaBroker
  let platform: RunningPlatform
  const settings = () => ({
    MEYDAN_DATA: join(folder, 'data'),
    MEYDAN_KAFKA_BROKERS: broker.address,
    MEYDAN_BOT_WAIT_MS: '200',
    MEYDAN_MATCH_MS: '2000',
  })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meydan-on-kafka-'))
    await chmod(folder, 0o711)
    broker = await kafkaBroker()
    platform = await startPlatform(settings())
  })
  afterAll(async () => {
    await platform?.stop()
    await broker?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const ready = () => fetch(`${platform.url}/readyz`)
  const metrics = async () => (await fetch(`${platform.url}/metrics`)).text()

  /** Runs `meydan …`; gives exit code and what it said. */
  function run(args: readonly string[], env: Readonly<Record<string, string>>) {
    return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      const options = { env: { ...process.env, ...env }, timeout: START_MS_MAX }
      execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      )
    })
  }

  async function playMatch(): Promise<void> {
    const client = createClient({ url: platform.url })
    await client.guest({ displayName: 'Ada' })
    await client.connect()
    const told = new Promise((resolve) => client.on('MATCH_RESULT', resolve))
    await client.call.matchmaking.ask({})
    await told
    await vi.waitFor(async () => expect((await client.call.matches.mine({})).matches).toHaveLength(1), WAIT)
    client.close()
  }

  test('A1 B7 C6 an account, a match with bots and its result go over it, and the metrics say so', async () => {
    expect(await (await ready()).json()).toMatchObject({ status: 'ready', checks: { postgres: 'ok' } })
    await playMatch()
    const text = await metrics()
    expect(text).toMatch(/^meydan_bus_produced_total [1-9]/m)
    expect(text).toMatch(/^meydan_matches_total\{game="arena",reason="[a-z-]+"\} 1$/m)
    expect(text).toMatch(/^meydan_bus_consumed_total\{group="players\.[a-z-]+"\} [1-9]/m)
    await vi.waitFor(
      async () => expect(await metrics()).toMatch(/^meydan_bus_depth\{group="players\.[a-z-]+"\} 0/m),
      WAIT,
    )
  })

  test('DESIGN §10 the broker goes and comes back: ready meanwhile, the outbox tells, what was published then is heard, nothing is restarted', {
    timeout: 180_000,
  }, async () => {
    await broker.kill()
    const client = createClient({ url: platform.url })
    await client.guest({ displayName: 'Meanwhile' })
    await vi.waitFor(
      async () => expect(await metrics()).toMatch(/^meydan_outbox_lag_seconds\{service="identity"\} [1-9]/m),
      WAIT,
    )
    expect((await ready()).status).toBe(200)
    await broker.start()
    // The profile is made by the service that hears of the account.
    await vi.waitFor(async () => expect(await client.call.players.me({})).toMatchObject({ displayName: 'Meanwhile' }), {
      ...WAIT,
      timeout: 60_000,
    })
    await playMatch()
    client.close()
  })

  test('C6 E7 an operator sees the dead letters and puts them back in line', async () => {
    let broken = true
    const heard: unknown[] = []
    const bus = kafkaBus({
      brokers: [broker.address],
      log: quietLog,
      metrics: quietMetrics,
      clock: systemClock,
      partitions: 6,
      retentionDays: 90,
      retry: { retries: 0, delayS: 0, delayMaxS: 0 },
    })
    await bus.start()
    const handle = async ({ data }: { data: unknown }) => {
      if (broken) throw new Error('the sky is falling')
      heard.push(data)
    }
    await bus.subscribe({ group: 'test.fails', events: ['HARD'], handle })
    await bus.publish([envelope('HARD', 'ada', 1), envelope('HARD', 'bob', 2)])
    await vi.waitFor(async () => expect(await bus.deadLetters('test.fails')).toHaveLength(2), WAIT)
    await vi.waitFor(async () => {
      expect(await metrics()).toMatch(/^meydan_bus_dead_letters\{group="test\.fails"\} 2/m)
    }, WAIT)
    const dead = await run(['events', 'dead', 'test.fails'], settings())
    expect(dead).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/HARD key=ada.*the sky is falling[\s\S]*2 dead letters/),
    })
    broken = false
    const redriven = await run(['events', 'redrive', 'test.fails'], settings())
    expect(redriven).toMatchObject({ code: 0, stdout: '2 put back in line for test.fails\n' })
    await vi.waitFor(() => expect(heard.toSorted()).toEqual([1, 2]), WAIT)
    expect(await bus.deadLetters()).toEqual([])
    await bus.stop(5_000)
  })

  test('DESIGN §10 another number of partitions than the topics have is refused: it would put keys out of order', async () => {
    const env = { ...settings(), MEYDAN_DATA: join(folder, 'other'), MEYDAN_KAFKA_PARTITIONS: '7' }
    const { code, stderr } = await run(['start'], { ...env, MEYDAN_PORT: String(await freePort()) })
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^meydan: .* set MEYDAN_KAFKA_PARTITIONS=6\.\n$/),
    })
  })

  test('DESIGN §10 brokers that are wrong, away or silent end the start with one sentence', {
    timeout: 120_000,
  }, async () => {
    const silent = createServer().listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    const silentPort = typeof address === 'object' ? address?.port : undefined
    const refusal = async (brokers: string) => {
      const env = { MEYDAN_DATA: join(folder, 'other'), MEYDAN_KAFKA_BROKERS: brokers }
      return run(['start'], { ...env, MEYDAN_PORT: String(await freePort()) })
    }
    const free = `127.0.0.1:${await freePort()}`
    for (const [brokers, sentence] of [
      ['nonsense', /should look like host:9092/],
      [free, /Nothing answers at 127\.0\.0\.1:\d+: start Kafka/],
      ['nobody.invalid:9092', /host of nobody\.invalid:9092 cannot be found/],
      [`127.0.0.1:${silentPort}`, /No Kafka answers at 127\.0\.0\.1/],
    ] as const) {
      const { code, stderr } = await refusal(brokers)
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^meydan: [^\n]+\n$/) })
      expect(stderr).toMatch(sentence)
      expect(stderr).toContain('MEYDAN_KAFKA_BROKERS')
    }
    silent.close()
  })
})
