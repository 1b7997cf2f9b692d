import { type Admin, ListOffsetTimestamps } from '@platformatic/kafka'
import { answered } from './connection.ts'
import type { FeedNames } from './names.ts'

/** Where groups stand in their topics. */
export interface Offsets {
  /**
   * Marks where a group that hears of an event for the first time begins: at its end. Where a group has been it goes on.
   * The retry topic must not be there yet when it is the first time.
   */
  begin(feed: FeedNames): Promise<void>
  /** Records not done, for every feed. */
  lags(feeds: readonly FeedNames[]): Promise<Map<FeedNames, number>>
}

export function createOffsets(admin: Admin, partitions: number): Offsets {
  const indexes = Array.from({ length: partitions }, (_, partition) => partition)

  const ends = async (topics: readonly string[]): Promise<Map<string, bigint[]>> => {
    const asked = (timestamp: bigint) =>
      admin.listOffsets({
        topics: topics.map((name) => ({
          name,
          partitions: indexes.map((partitionIndex) => ({ partitionIndex, timestamp })),
        })),
      })
    return new Map(
      (await asked(ListOffsetTimestamps.LATEST)).map(({ name, partitions }) => [name, inOrder(partitions)]),
    )
  }
  return {
    async begin({ consumerGroup, events }) {
      const [group] = await admin.listConsumerGroupOffsets({
        groups: [{ groupId: consumerGroup, topics: [{ name: events, partitionIndexes: indexes }] }],
      })
      const committed = group?.topics[0]?.partitions ?? []
      if (committed.some(({ committedOffset }) => committedOffset >= 0n)) return
      const offsets = (await ends([events])).get(events) ?? []
      const partitionOffsets = offsets.map((offset, partition) => ({ partition, offset }))
      try {
        await admin.alterConsumerGroupOffsets({ groupId: consumerGroup, topics: [{ name: events, partitionOffsets }] })
      } catch (error) {
        // Another process of the group was first, and is a member already.
        if (!answered(error, 'UNKNOWN_MEMBER_ID') && !answered(error, 'NON_EMPTY_GROUP')) throw error
      }
    },
    async lags(feeds) {
      if (feeds.length === 0) return new Map()
      const end = await ends([...new Set(feeds.flatMap(({ events, retries }) => [events, retries]))])
      const groups = await admin.listConsumerGroupOffsets({
        groups: feeds.map(({ consumerGroup, events, retries }) => ({
          groupId: consumerGroup,
          topics: [events, retries].map((name) => ({ name, partitionIndexes: indexes })),
        })),
      })
      const found = new Map(groups.map(({ groupId, topics }) => [groupId, topics]))
      return new Map(
        feeds.map((feed) => {
          const lags = (found.get(feed.consumerGroup) ?? []).flatMap(({ name, partitions }) =>
            partitions.map(({ partitionIndex, committedOffset }) =>
              lag(end.get(name)?.[partitionIndex], committedOffset),
            ),
          )
          return [feed, lags.reduce((sum, some) => sum + some, 0)]
        }),
      )
    },
  }
}

/** A group that has no mark in a topic begins with its first record. */
function lag(end: bigint | undefined, committed: bigint): number {
  if (end === undefined) return 0
  return Math.max(0, Number(end - (committed < 0n ? 0n : committed)))
}

function inOrder(partitions: readonly { partitionIndex: number; offset: bigint }[]): bigint[] {
  return [...partitions].sort((one, other) => one.partitionIndex - other.partitionIndex).map(({ offset }) => offset)
}
