import { setTimeout as delay } from 'node:timers/promises'
import { OperatorError } from '@meydan/kernel/config'
import type { Admin } from '@platformatic/kafka'
import { answered } from './connection.ts'
import type { FeedNames, Names } from './names.ts'

export interface TopicSettings {
  /** Of every topic of events; what processes of one group can share the work in. Cannot be changed later. */
  readonly partitions: number
  readonly retentionDays: number
}

/** The topics there are, and those that must be. */
export interface Topics {
  /** Makes those that are not there. Throws an OperatorError for one with another number of partitions. */
  ensureEvents(topics: readonly string[]): Promise<void>
  ensureDead(): Promise<void>
  exists(topic: string): Promise<boolean>
  feeds(): Promise<FeedNames[]>
}

const DAY_MS = 24 * 60 * 60 * 1_000
/** How long a new topic may take until every broker knows it. */
const KNOWN_TRIES_MAX = 50
const KNOWN_DELAY_MS = 100

export function createTopics(admin: Admin, names: Names, settings: TopicSettings): Topics {
  const ensured = new Set<string>()
  const retention = { name: 'retention.ms', value: String(settings.retentionDays * DAY_MS) }

  const partitionsOf = async (topic: string): Promise<number | undefined> => {
    if (!(await admin.listTopics()).includes(topic)) return undefined
    return (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic)?.partitionsCount
  }
  const known = async (topic: string): Promise<number> => {
    for (let tries = 0; tries < KNOWN_TRIES_MAX; tries++) {
      const partitions = await partitionsOf(topic)
      if (partitions !== undefined) return partitions
      await delay(KNOWN_DELAY_MS)
    }
    throw new Error(`the topic ${topic} was created and is not there`)
  }
  const ensure = async (topic: string, partitions: number, configs: { name: string; value: string }[]) => {
    if (ensured.has(topic)) return
    let found = await partitionsOf(topic)
    if (found === undefined) {
      try {
        await admin.createTopics({ topics: [topic], partitions, configs })
      } catch (error) {
        if (!answered(error, 'TOPIC_ALREADY_EXISTS')) throw error
      }
      found = await known(topic)
    }
    // The partition of a key follows from how many there are: another number would put a key's events out of order.
    if (found !== partitions) {
      throw new OperatorError(
        `The topic ${topic} has ${found} partitions, not ${partitions}: set MEYDAN_KAFKA_PARTITIONS=${found}.`,
      )
    }
    ensured.add(topic)
  }

  return {
    async ensureEvents(topics) {
      for (const topic of topics) await ensure(topic, settings.partitions, [retention])
    },
    ensureDead: () => ensure(names.dead, 1, [{ name: 'cleanup.policy', value: 'compact,delete' }, retention]),
    exists: async (topic) => (await admin.listTopics()).includes(topic),
    async feeds() {
      const topics = await admin.listTopics()
      return topics.flatMap((topic) => names.feedOf(topic) ?? [])
    },
  }
}
