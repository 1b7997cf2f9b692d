import type { TopicEvent, Topics } from '@meydan/kernel/storage'
import type { Log } from '@meydan/kernel/telemetry'

interface Topic {
  seq: number
  readonly listeners: Set<(event: TopicEvent) => void>
}

export interface MemoryTopicsOptions {
  /** Topics whose sequence is remembered although nobody listens; 100,000 unless given. */
  readonly idleMax?: number
}

const IDLE_MAX = 100_000

/** Topics within one process. Events are delivered in order, after `publish` returns to its caller. */
export function memoryTopics(log: Log, options: MemoryTopicsOptions = {}): Topics {
  const idleMax = options.idleMax ?? IDLE_MAX
  const topics = new Map<string, Topic>()
  const waiting: TopicEvent[] = []
  /** No forgotten topic ever got further than this; a topic that comes back goes on above it. */
  let forgottenSeq = 0

  const open = (name: string): Topic => {
    const known = topics.get(name)
    if (known) return known
    const topic = { seq: forgottenSeq, listeners: new Set<(event: TopicEvent) => void>() }
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
    }
  }
  const deliver = () => {
    for (const event of waiting.splice(0)) {
      for (const listener of topics.get(event.topic)?.listeners ?? []) {
        try {
          // As after a network: everybody has a copy of his own.
          listener({ ...event, data: structuredClone(event.data) })
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
      waiting.push({ topic, seq: at.seq, event, data: structuredClone(data) })
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
  }
}
