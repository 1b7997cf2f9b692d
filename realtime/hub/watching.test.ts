import { setImmediate } from 'node:timers/promises'
import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { memoryTopics } from '@meydan/drivers/memory'
import type { Topics } from '@meydan/kernel/storage'
import { manualClock } from '@meydan/kernel/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Codec, type Connection, createHub, type Hub } from './index.ts'

/** Sessions come and go on two topics while events are published, over a broker that takes its time, in every order fast-check can think of. */

const TOPICS = ['channel:1', 'channel:2'] as const
type Topic = (typeof TOPICS)[number]
const SESSIONS = 3
const json: Codec = { encode: (frame) => Buffer.from(JSON.stringify(frame)) }

const step = fc.oneof(
  fc.record({ kind: fc.constant('publish' as const), topic: fc.constantFrom(...TOPICS) }),
  fc.record({
    kind: fc.constantFrom('watch' as const, 'unwatch' as const),
    topic: fc.constantFrom(...TOPICS),
    session: fc.nat({ max: SESSIONS - 1 }),
  }),
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Subscribing and unsubscribing are answered when the scheduler says. */
function delayed(topics: Topics, scheduler: fc.Scheduler): Topics {
  return {
    ...topics,
    async subscribe(topic, listener) {
      await scheduler.schedule(Promise.resolve(), `subscribe ${topic}`)
      const stop = await topics.subscribe(topic, listener)
      return async () => {
        await scheduler.schedule(Promise.resolve(), `unsubscribe ${topic}`)
        await stop()
      }
    },
  }
}

/** One session's view of one topic. */
class Watcher {
  readonly #hub: Hub
  readonly #session: Awaited<ReturnType<Hub['open']>>
  readonly #topic: Topic
  /** What the topic has said so far, to whom listens to the broker itself. */
  readonly #said: readonly number[]
  readonly heard: number[] = []
  readonly problems: string[] = []
  #wants = false
  /** How often it began to watch: an answer counts only for the watch it belongs to. */
  #begun = 0
  /** Where in `said` the watch was answered; undefined while it is not. */
  #from: number | undefined

  constructor(hub: Hub, session: Awaited<ReturnType<Hub['open']>>, topic: Topic, said: readonly number[]) {
    this.#hub = hub
    this.#session = session
    this.#topic = topic
    this.#said = said
  }

  hear(seq: number): void {
    if (!this.#wants) this.problems.push(`heard ${seq} after leaving`)
    if (seq <= (this.heard.at(-1) ?? 0)) this.problems.push(`heard ${seq} again, or late`)
    this.heard.push(seq)
  }

  async watch(): Promise<void> {
    if (this.#wants) return
    this.#wants = true
    const begun = ++this.#begun
    await this.#hub.watch(this.#session, this.#topic)
    if (this.#wants && this.#begun === begun) this.#from = this.#said.length
  }

  async unwatch(): Promise<void> {
    if (!this.#wants) return
    this.check()
    this.#wants = false
    this.#from = undefined
    await this.#hub.unwatch(this.#session, this.#topic)
  }

  /** Since the watch was answered nothing is missing. */
  check(): void {
    if (this.#from === undefined) return
    const due = this.#said.slice(this.#from)
    const got = due.length === 0 ? [] : this.heard.slice(-due.length)
    if (JSON.stringify(got) !== JSON.stringify(due)) this.problems.push(`heard ${got} of ${due}`)
  }
}

async function problemsOf(steps: readonly Step[], scheduler: fc.Scheduler): Promise<string[]> {
  const broker = memoryTopics(manualClock(), quietLog)
  const said = { 'channel:1': [] as number[], 'channel:2': [] as number[] }
  for (const topic of TOPICS) await broker.subscribe(topic, ({ seq }) => said[topic].push(seq))
  const topics = delayed(broker, scheduler)
  const hub = createHub({ topics, clock: manualClock(), log: quietLog, metrics: quietMetrics })
  const watchers: Record<Topic, Watcher>[] = []
  for (let id = 0; id < SESSIONS; id++) {
    const session = await hub.open(null)
    const mine = {
      'channel:1': new Watcher(hub, session, 'channel:1', said['channel:1']),
      'channel:2': new Watcher(hub, session, 'channel:2', said['channel:2']),
    }
    const connection: Connection = {
      id,
      event(frame) {
        const { topic, seq }: { topic: Topic; seq: number } = JSON.parse(frame.bytes(json).toString())
        mine[topic].hear(seq)
      },
      badRoomFrame: () => undefined,
      room: () => {},
      close: () => {},
    }
    session.connect(connection, 4004)
    watchers.push(mine)
  }
  const under = steps.map(async (each) => {
    await scheduler.schedule(Promise.resolve(), JSON.stringify(each))
    if (each.kind === 'publish') await broker.publish(each.topic, 'NEWS', null)
    else await watchers[each.session]?.[each.topic][each.kind]()
  })
  await scheduler.waitFor(Promise.all(under))
  await setImmediate()
  const all = watchers.flatMap((mine) => Object.values(mine))
  for (const watcher of all) watcher.check()
  await scheduler.waitFor(hub.close())
  return all.flatMap(({ problems }) => problems)
}

test('H5 S10 whoever comes and goes meanwhile, a watcher hears each event of its topic once, in order, without gaps, and none after it left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), fc.scheduler(), async (steps, scheduler) => {
      expect(await problemsOf(steps, scheduler)).toEqual([])
    }),
    { numRuns: 300 },
  )
})
