import { setImmediate } from 'node:timers/promises'
import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { memoryTopics } from '@meydan/drivers/memory'
import { TOPIC_KEPT_MAX, type TopicEvent, type Topics } from '@meydan/kernel/storage'
import { manualClock } from '@meydan/kernel/time'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Codec, type Connection, createHub, type Hub, type HubOptions } from './index.ts'

/** Clients move between the hubs of two processes while events are published, over a broker that takes its time. */

const TOPIC = 'user:1'
const CLIENTS = 2
const json: Codec = { encode: (frame) => Buffer.from(JSON.stringify(frame)) }
const ada = { playerId: '1', sessionId: '91', roles: [], expiresAtMs: Number.MAX_SAFE_INTEGER }

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('publish' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), client: fc.nat({ max: CLIENTS - 1 }) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Answers come when the scheduler says, and so do events, which keep their order. */
function delayed(topics: Topics, scheduler: fc.Scheduler): Topics {
  const later = async <T>(label: string, work: () => Promise<T>): Promise<T> => {
    await scheduler.schedule(Promise.resolve(), `ask ${label}`)
    const answer = await work()
    await scheduler.schedule(Promise.resolve(), `answer ${label}`)
    return answer
  }
  return {
    ...topics,
    position: (topic) => later('position', () => topics.position(topic)),
    since: (topic, seq) => later('since', () => topics.since(topic, seq)),
    subscribe: (topic, listener) =>
      later('subscribe', () => {
        const under: TopicEvent[] = []
        return topics.subscribe(topic, (event) => {
          under.push(event)
          void scheduler.schedule(Promise.resolve(), 'event').then(() => {
            const next = under.shift()
            if (next) listener(next)
          })
        })
      }),
  }
}

function hubOver(topics: Topics, options: Partial<HubOptions> = {}): Hub {
  return createHub({ topics, clock: manualClock(), log: quietLog, metrics: quietMetrics, ...options })
}

/** Somebody who goes from hub to hub and keeps in mind where it was. */
class Client {
  readonly heard: number[] = []
  readonly problems: string[] = []
  #seq: number
  #connections = 0

  constructor(seq: number) {
    this.#seq = seq
  }

  async move(hub: Hub): Promise<void> {
    const id = ++this.#connections
    const session = await hub.goOn(ada, { [TOPIC]: this.#seq })
    // Another move was made meanwhile: this one's answer is not listened to.
    if (id !== this.#connections) return
    if (!session) {
      this.problems.push(`could not go on from ${this.#seq}`)
      return
    }
    const connection: Connection = {
      id,
      event: (frame) => {
        if (id !== this.#connections) return
        this.#seq = JSON.parse(frame.bytes(json).toString()).seq
        this.heard.push(this.#seq)
      },
      badRoomFrame: () => undefined,
      room: () => {},
      close: () => {},
    }
    session.connect(connection, 4004)
    session.replay(0)
  }
}

async function problemsOf(steps: readonly Step[], scheduler: fc.Scheduler): Promise<string[]> {
  const broker = memoryTopics(manualClock(), quietLog)
  const said: number[] = []
  const begun = await broker.position(TOPIC)
  const hubs = [0, 1].map(() => hubOver(delayed(broker, scheduler)))
  const clients = Array.from({ length: CLIENTS }, () => new Client(begun))
  let moves = 0
  const under = steps.map(async (each) => {
    await scheduler.schedule(Promise.resolve(), JSON.stringify(each))
    const hub = hubs[moves++ % hubs.length]
    if (each.kind === 'publish') said.push(await broker.publish(TOPIC, 'NEWS', null))
    else if (hub) await clients[each.client]?.move(hub)
  })
  await scheduler.waitFor(Promise.all(under))
  const last = Promise.all(clients.map((client) => hubs[0] && client.move(hubs[0])))
  await scheduler.waitFor(last)
  await setImmediate()
  await scheduler.waitAll()
  const missing = clients.filter(({ heard }) => JSON.stringify(heard) !== JSON.stringify(said))
  return [
    ...clients.flatMap(({ problems }) => problems),
    ...missing.map(({ heard }) => `heard ${heard.map((seq) => seq - begun)} of ${said.map((seq) => seq - begun)}`),
  ]
}

test('S11 H6 whoever goes from process to process, in whatever order answers come, hears each event once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), fc.scheduler(), async (steps, scheduler) => {
      expect(await problemsOf(steps, scheduler)).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('H6 a session goes on elsewhere only where all that was missed is kept, and from its player’s own topic', async () => {
  const topics = memoryTopics(manualClock(), quietLog)
  const hub = hubOver(topics)
  const begun = await topics.position(TOPIC)
  for (let n = 0; n <= TOPIC_KEPT_MAX; n++) await topics.publish(TOPIC, 'NEWS', n)
  expect(await hub.goOn(ada, { [TOPIC]: begun })).toBeUndefined()
  expect(await hub.goOn(ada, { [TOPIC]: begun + TOPIC_KEPT_MAX + 2 })).toBeUndefined()
  expect(await hub.goOn(ada, {})).toBeUndefined()
  expect([...hub.sessions]).toEqual([])
  expect(await hub.goOn(ada, { [TOPIC]: begun + 1 })).toBeDefined()
  expect(await hub.goOn(null, {})).toBeDefined()
})

test('H6 a session tells where its topics are, so that it can go on elsewhere from the start', async () => {
  const topics = memoryTopics(manualClock(), quietLog)
  const hub = hubOver(topics)
  const seq = await topics.publish(TOPIC, 'NEWS', 1)
  const session = await hub.open(ada)
  expect(hub.positions(session)).toEqual({ [TOPIC]: seq })
  await topics.publish(TOPIC, 'NEWS', 2)
  await setImmediate()
  expect(hub.positions(session)).toEqual({ [TOPIC]: seq + 1 })
})

/** A broker whose connection can be away: what is published meanwhile is not heard. */
function interrupted(topics: Topics) {
  const line = { isAway: false }
  const subscribe: Topics['subscribe'] = (topic, listener) =>
    topics.subscribe(topic, (event) => {
      if (!line.isAway) listener(event)
    })
  return { line, topics: { ...topics, subscribe } }
}

test('H7 what was published while the broker could not be heard is told with the next event, to those who still watch', async () => {
  const broker = memoryTopics(manualClock(), quietLog)
  const { line, topics } = interrupted(broker)
  const hub = hubOver(topics)
  const ears = await Promise.all(
    ['stays', 'leaves'].map(async () => {
      const heard: number[] = []
      const session = await hub.open(ada)
      const event: Connection['event'] = (frame) => heard.push(JSON.parse(frame.bytes(json).toString()).data)
      session.connect({ id: 1, event, badRoomFrame: () => {}, room: () => {}, close: () => {} }, 4004)
      return { heard, session }
    }),
  )
  const say = async (...numbers: number[]): Promise<void> => {
    for (const n of numbers) await broker.publish(TOPIC, 'NEWS', n)
    await setImmediate()
  }
  await say(1)
  line.isAway = true
  await say(2, 3)
  line.isAway = false
  const [stays, leaves] = ears
  const said = say(4, 5)
  if (leaves) await hub.unwatch(leaves.session, TOPIC)
  await said
  expect(stays?.heard).toEqual([1, 2, 3, 4, 5])
  expect(leaves?.heard).toEqual([1])
})

test('H6 a broker that fails leaves nothing behind', async () => {
  const broken: Topics = {
    ...memoryTopics(manualClock(), quietLog),
    since: () => Promise.reject(new Error('the broker is away')),
  }
  const hub = hubOver(broken)
  await expect(hub.goOn(ada, { [TOPIC]: 1 })).rejects.toThrow('the broker is away')
  expect([...hub.sessions]).toEqual([])
})
