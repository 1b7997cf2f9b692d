import { Consumer, FetchIsolationLevels, ListOffsetTimestamps } from '@platformatic/kafka'
import type { Connection } from './connection.ts'
import type { StoredRecord } from './records.ts'

/** A partition, and where in it. */
export interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

/** Records as they lie in one partition. */
export interface Chunk {
  readonly topic: string
  readonly partition: number
  readonly records: readonly StoredRecord[]
  /** Where to read on. */
  readonly next: bigint
}

/** The offsets a partition holds: from `first`, and up to but without `end`. */
export interface Bounds {
  readonly first: bigint
  readonly end: bigint
}

/** Reads topics from wherever it is told to, as no member of any group. */
export interface Reader {
  /** By the id of the broker that leads them. */
  leaders(places: readonly Place[]): Promise<Map<number, Place[]>>
  /** Waits for records for `waitMs` when there are none. All places are of one leader. */
  fetch(leader: number, places: readonly Place[], waitMs: number): Promise<Chunk[]>
  /** Of every partition of the topics, by topic. */
  bounds(): Promise<Map<string, Bounds[]>>
  close(): Promise<void>
}

/** What a partition can bring at a time; an event has 256 KiB at most. */
const PARTITION_BYTES_MAX = 512 * 1024
const FETCH_BYTES_MAX = 8 * 1024 * 1024

export function createReader(connection: Connection, topics: readonly string[]): Reader {
  const consumer = new Consumer({ ...connection, groupId: 'meydan.reader' })
  consumer.topics.trackAll(...topics)
  const metadata = () => consumer.metadata({ topics: [...topics] })

  return {
    async leaders(places) {
      const known = (await metadata()).topics
      return Map.groupBy(places, ({ topic, partition }) => known.get(topic)?.partitions[partition]?.leader ?? -1)
    },
    async fetch(leader, places, waitMs) {
      const known = (await metadata()).topics
      const asked = new Map(topics.map((topic) => [known.get(topic)?.id ?? '', topic]))
      const response = await consumer.fetch({
        node: leader,
        topics: places.map((place) => ({ topicId: known.get(place.topic)?.id ?? '', partitions: [wanted(place)] })),
        maxWaitTime: waitMs,
        maxBytes: FETCH_BYTES_MAX,
        isolationLevel: FetchIsolationLevels.READ_UNCOMMITTED,
      })
      const answers = response.responses.flatMap(({ topicId, partitions }) =>
        partitions.map((answer) => ({ topic: asked.get(topicId), answer })),
      )
      // A broker may speak of partitions of an earlier question too.
      return places.flatMap((place) => {
        const found = answers.find((it) => it.topic === place.topic && it.answer.partitionIndex === place.partition)
        return found ? [chunkOf(place, found.answer)] : []
      })
    },
    async bounds() {
      const first = await consumer.listOffsets({ topics: [...topics], timestamp: ListOffsetTimestamps.EARLIEST })
      const end = await consumer.listOffsets({ topics: [...topics], timestamp: ListOffsetTimestamps.LATEST })
      return new Map(
        topics.map((topic) => [
          topic,
          (first.get(topic) ?? []).map((offset, partition) => ({
            first: offset,
            end: end.get(topic)?.[partition] ?? offset,
          })),
        ]),
      )
    },
    close: () => consumer.close(true),
  }
}

function wanted({ partition, offset }: Place) {
  return {
    partition,
    fetchOffset: offset,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    partitionMaxBytes: PARTITION_BYTES_MAX,
  }
}

type PartitionAnswer = Awaited<ReturnType<Consumer['fetch']>>['responses'][number]['partitions'][number]

function chunkOf({ topic, partition, offset }: Place, answer: PartitionAnswer): Chunk {
  const batches = answer.records ?? []
  const records = batches.flatMap((batch) =>
    batch.records.map((record) => ({
      offset: batch.firstOffset + BigInt(record.offsetDelta),
      key: String(record.key ?? ''),
      value: record.value,
      headers: new Map(record.headers.map(([name, value]) => [String(name), String(value)])),
    })),
  )
  const last = batches.at(-1)
  return {
    topic,
    partition,
    // A batch is given whole, also when it begins before what was asked for.
    records: records.filter((record) => record.offset >= offset),
    next: last ? last.firstOffset + BigInt(last.lastOffsetDelta) + 1n : offset,
  }
}
