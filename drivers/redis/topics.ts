import type { Plain } from '@meydan/contracts/core'
import type { TopicEvent, Topics } from '@meydan/kernel/storage'
import type { Redis } from './connect.ts'
import { redisFault } from './faults.ts'
import { pack, unpack } from './value.ts'

/** A topic's number is forgotten when nothing was said on it for a day. */
const REMEMBERED_MS = String(24 * 60 * 60 * 1_000)

interface Heard {
  readonly listeners: Set<(event: TopicEvent) => void>
  readonly subscribed: Promise<void>
}

/**
 * Topics among all processes on one Redis: a channel each, subscribed to once a process. What is published while this process
 * has no connection is lost to it, as the port allows; whoever hears the topic's next event sees the gap. Redis itself cuts
 * off who reads too slowly (`client-output-buffer-limit pubsub`), and here nothing is kept.
 *
 * `publish` and `subscribe` throw UNAVAILABLE while Redis is away.
 */
export function redisTopics({ prefix, log, ask, hearing }: Redis): Topics {
  const channelOf = (topic: string): string => `${prefix}topic:${topic}`
  const topics = new Map<string, Heard>()
  /** Nobody listens here any more, but Redis could not be told; the library would go on subscribing to it for ever. */
  const unneeded = new Set<string>()

  const hear = (message: Buffer, channel: Buffer): void => {
    const topic = channel.toString().slice(channelOf('').length)
    const end = message.indexOf(':')
    const seq = Number(message.subarray(0, end).toString())
    for (const listener of topics.get(topic)?.listeners ?? []) {
      try {
        // Unpacked for each: no two listeners share an object.
        listener({ topic, seq, ...(unpack(message.subarray(end + 1)) as { event: string; data: Plain }) })
      } catch (error) {
        log.error({ err: error, topic }, 'a topic listener threw')
      }
    }
  }

  const letGo = async (topic: string): Promise<void> => {
    unneeded.add(topic)
    try {
      await hearing.unsubscribe(channelOf(topic), hear, true)
      unneeded.delete(topic)
    } catch (error) {
      log.debug({ err: error, topic }, 'unsubscribed when Redis is back')
    }
  }
  hearing.on('ready', () => {
    for (const topic of unneeded) {
      if (topics.has(topic)) unneeded.delete(topic)
      else void letGo(topic)
    }
  })

  const listen = (topic: string): Heard => {
    const subscribed = hearing.isReady
      ? hearing.subscribe(channelOf(topic), hear, true)
      : Promise.reject(new Error('there is no connection'))
    const heard = { listeners: new Set<(event: TopicEvent) => void>(), subscribed }
    topics.set(topic, heard)
    return heard
  }

  return {
    publish(topic, event, data) {
      const message = pack({ event, data })
      return ask('publish', (client) => client.announce(`topic:${topic}`, channelOf(topic), message, REMEMBERED_MS))
    },
    async subscribe(topic, listener) {
      // A function of its own, so that one listener subscribed twice is two subscriptions.
      const own = (event: TopicEvent) => listener(event)
      const heard = topics.get(topic) ?? listen(topic)
      heard.listeners.add(own)
      try {
        await heard.subscribed
      } catch (error) {
        if (topics.get(topic) === heard) topics.delete(topic)
        throw redisFault(error)
      }
      return async () => {
        if (!heard.listeners.delete(own) || heard.listeners.size > 0 || topics.get(topic) !== heard) return
        topics.delete(topic)
        await letGo(topic)
      }
    },
  }
}
