import { TOPIC_KEPT_MAX, TOPIC_KEPT_MS, type TopicEvent, type Topics } from '@meydan/kernel/storage'
import type { Log } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'

interface Topic {
  seq: number
  /** The last events, oldest first, and when each came (monotonic). */
  readonly kept: { readonly event: TopicEvent; readonly atMs: number }[]
  readonly listeners: Set<(event: TopicEvent) => void>
}

export interface MemoryTopicsOptions {
  /** Topics whose sequence is remembered although nobody listens; 100,000 unless given. */
  readonly idleMax?: number
}

const IDLE_MAX = 100_000
/** Topics that nobody speaks on any more are looked through this often for events that are too old. */
const SWEEP_EVERY_MS = 15_000

/** Topics within one process. Events are delivered in order, after `publish` returns to its caller. */
export function memoryTopics(clock: Clock, log: Log, options: MemoryTopicsOptions = {}): Topics {
  const idleMax = options.idleMax ?? IDLE_MAX
  const topics = new Map<string, Topic>()
  /** Those that keep events. */
  const keeping = new Set<Topic>()
  const waiting: TopicEvent[] = []
  /** No forgotten topic ever got further than this; a topic that comes back goes on above it. */
  let forgottenSeq = 0
  let sweepAtMs = clock.monotonic() + SWEEP_EVERY_MS

  const open = (name: string): Topic => {
    const known = topics.get(name)
    if (known) return known
    const seq = Math.max(forgottenSeq, Math.floor(clock.now() * 1_000))
    const topic: Topic = { seq, kept: [], listeners: new Set() }
    topics.set(name, topic)
    if (topics.size > idleMax) forgetIdle(name)
    return topic
  }
  const forgetIdle = (except: string) => {
    for (const [name, topic] of topics) {
      if (topics.size <= idleMax) return
      if (topic.listeners.size > 0 || name === except) continue
      forgottenSeq = Math.max(forgottenSeq, topic.seq)
      topics.delete(name)
      keeping.delete(topic)
    }
  }
  const forgetOld = (topic: Topic) => {
    const beforeMs = clock.monotonic() - TOPIC_KEPT_MS
    const { kept } = topic
    while (kept[0] && (kept.length > TOPIC_KEPT_MAX || kept[0].atMs < beforeMs)) kept.shift()
    if (kept.length === 0) keeping.delete(topic)
  }
  const sweep = () => {
    if (clock.monotonic() < sweepAtMs) return
    sweepAtMs = clock.monotonic() + SWEEP_EVERY_MS
    for (const topic of keeping) forgetOld(topic)
  }
  const keep = (topic: Topic, event: TopicEvent) => {
    topic.kept.push({ event, atMs: clock.monotonic() })
    keeping.add(topic)
    forgetOld(topic)
    sweep()
  }
  const deliver = () => {
    for (const event of waiting.splice(0)) {
      for (const listener of topics.get(event.topic)?.listeners ?? []) {
        try {
          listener(copyOf(event))
        } catch (error) {
          log.error({ err: error, topic: event.topic, event: event.event }, 'a topic listener threw')
        }
      }
    }
  }
  return {
    async publish(topic, event, data) {
      const at = open(topic)
      at.seq++
      const told = copyOf({ topic, seq: at.seq, event, data })
      keep(at, told)
      waiting.push(told)
      if (waiting.length === 1) queueMicrotask(deliver)
      return at.seq
    },
    async subscribe(topic, listener) {
      // A function of its own, so that one listener subscribed twice is two subscriptions.
      const own = (event: TopicEvent) => listener(event)
      open(topic).listeners.add(own)
      return async () => {
        topics.get(topic)?.listeners.delete(own)
      }
    },
    position: async (topic) => open(topic).seq,
    async since(topic, seq) {
      const at = open(topic)
      forgetOld(at)
      const missed = at.seq - seq
      if (missed < 0 || missed > at.kept.length) return undefined
      return at.kept.slice(at.kept.length - missed).map(({ event }) => copyOf(event))
    },
  }
}

/** As after a network: everybody has a copy of his own. */
const copyOf = (event: TopicEvent): TopicEvent => ({ ...event, data: structuredClone(event.data) })
