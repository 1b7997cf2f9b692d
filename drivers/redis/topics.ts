import type { Plain } from '@meydan/contracts/core'
import type { TopicEvent, Topics } from '@meydan/kernel/storage'
import { RESP_TYPES } from '@redis/client'
import type { Redis } from './connect.ts'
import { redisFault } from './faults.ts'
import { pack, unpack } from './value.ts'

/** A topic's number is forgotten when nothing was said on it, and nobody has asked for it, for a day. */
const REMEMBERED_MS = String(24 * 60 * 60 * 1_000)
const AS_BYTES = { [RESP_TYPES.BLOB_STRING]: Buffer }
const COLON = ':'

interface Heard {
  readonly listeners: Set<(event: TopicEvent) => void>
  readonly subscribed: Promise<void>
}

/**
 * Topics among all processes on one Redis: a channel each, subscribed to once a process. What is published while this process
 * has no connection is lost to it, as the port allows; whoever hears the topic's next event sees the gap. Redis itself cuts
 * off who reads too slowly (`client-output-buffer-limit pubsub`). The last events are kept in a list beside the topic's number.
 *
 * All but letting go of a subscription throws UNAVAILABLE while Redis is away.
 */
export function redisTopics({ prefix, log, ask, hearing }: Redis): Topics {
  const numberKey = (topic: string): string => `topic:${topic}`
  const channelOf = (topic: string): string => `${prefix}${numberKey(topic)}`
  /** The number's key in braces says that both belong on one server of a cluster. */
  const keysOf = (topic: string) => [numberKey(topic), `kept:{${channelOf(topic)}}`] as const
  const topics = new Map<string, Heard>()
  /** Nobody listens here any more, but Redis could not be told; the library would go on subscribing to it for ever. */
  const unneeded = new Set<string>()

  const hear = (message: Buffer, channel: Buffer): void => {
    const topic = channel.toString().slice(channelOf('').length)
    for (const listener of topics.get(topic)?.listeners ?? []) {
      try {
        // Read for each: no two listeners share an object.
        listener(readSaid(topic, message))
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
      return ask('publish', (client) => client.announce(keysOf(topic), channelOf(topic), message, REMEMBERED_MS))
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
    position: (topic) => ask('position', (client) => client.position(numberKey(topic), REMEMBERED_MS)),
    async since(topic, seq) {
      const kept = await ask('since', (client) => client.withTypeMapping(AS_BYTES).since(keysOf(topic), String(seq)))
      const missed = kept?.map((each) => readSaid(topic, each.subarray(each.indexOf(COLON) + 1)))
      // After a loss of memory what is kept could be of other numbers.
      return missed?.every((event, index) => event.seq === seq + 1 + index) ? missed : undefined
    },
  }
}

/** An event as it is sent: its number, a colon, and the rest packed. */
function readSaid(topic: string, said: Buffer): TopicEvent {
  const end = said.indexOf(COLON)
  const seq = Number(said.subarray(0, end).toString())
  return { topic, seq, ...(unpack(said.subarray(end + 1)) as { event: string; data: Plain }) }
}
