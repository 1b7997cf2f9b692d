import { setTimeout as delay } from 'node:timers/promises'
import type { SparingLog } from '@meydan/kernel/telemetry'
import { Consumer, type ConsumerGroupJoinPayload } from '@platformatic/kafka'
import type { Connection } from './connection.ts'
import type { Handling } from './handling.ts'
import type { FeedNames } from './names.ts'
import { createReader } from './reader.ts'
import { createTenure, type Tenure } from './tenure.ts'
import { within } from './within.ts'

export interface FeedParts {
  readonly names: FeedNames
  readonly connection: Connection
  readonly said: SparingLog
  handling(signal: AbortSignal): Handling
}

/** This process's part in a feed: a member of its consumer group, for as long as the process lives. */
export interface Feed {
  stop(deadlineMs: number): Promise<void>
}

/** A process whose heart has stopped this long is gone, and its partitions go to others. */
const SESSION_MS = 10_000
const HEARTBEAT_MS = 1_000
/** All members of a group have this long to come to a rebalance. Longer than a session, shorter than a request may take. */
const REBALANCE_MS = 15_000
/** What runs when partitions are handed over is waited for this long; it must end before the session does. */
const HAND_OVER_MS = 5_000
const LEAVE_MS_MAX = 2_000
const AGAIN_MS = 1_000

export function openFeed(parts: FeedParts): Feed {
  const { names, said } = parts
  const stopping = new AbortController()
  let stopMs = HAND_OVER_MS
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const membership = createMembership(parts)
      try {
        await membership.failed(stopping.signal)
      } catch (error) {
        said.warn('member', { err: error, ...names }, 'a consumer group was lost; joining it again')
        await delay(AGAIN_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
      }
      await membership.leave(stopMs)
    }
  }
  const running = run()
  return {
    async stop(deadlineMs) {
      stopMs = deadlineMs
      stopping.abort()
      await running
    },
  }
}

/** One membership in the group, over any number of rebalances. */
function createMembership({ names, connection, said, handling }: FeedParts) {
  const topics = [names.events, names.retries]
  const failure = Promise.withResolvers<void>()
  let tenure: Tenure | undefined
  let generation = -1
  const handOver = async (withinMs: number) => {
    const ended = tenure
    tenure = undefined
    await ended?.end(withinMs)
  }
  const consumer = new Consumer({
    ...connection,
    groupId: names.consumerGroup,
    sessionTimeout: SESSION_MS,
    rebalanceTimeout: REBALANCE_MS,
    heartbeatInterval: HEARTBEAT_MS,
    protocols: [{ name: 'meydan', version: 1 }],
    // Asked before each time the group is joined, and waited for: the last moment at which our partitions are ours.
    protocolsMetadata: async () => {
      await handOver(HAND_OVER_MS)
      return Buffer.alloc(0)
    },
  })
  // The retries too: Kafka forgets places in topics that a group has not subscribed to.
  consumer.topics.trackAll(...topics)
  const take = ({ generationId = -1, assignments = [] }: ConsumerGroupJoinPayload) => {
    if (generationId === generation) return
    generation = generationId
    // A partition of the retries goes with that of the events, whoever was given it.
    const partitions = assignments.find(({ topic }) => topic === names.events)?.partitions ?? []
    tenure = createTenure({
      names,
      partitions,
      reader: createReader(connection, topics),
      said,
      handling,
      committed: () => consumer.listCommittedOffsets({ topics: topics.map((topic) => ({ topic, partitions })) }),
      commit: (places) => consumer.commit({ offsets: places.map((place) => ({ ...place, leaderEpoch: -1 })) }),
      fail: failure.reject,
    })
  }
  consumer.on('consumer:group:join', take)
  consumer.on('error', failure.reject)

  return {
    /** Rejects when the group is lost; resolves with the signal. */
    async failed(signal: AbortSignal): Promise<void> {
      const stop = () => failure.resolve()
      signal.addEventListener('abort', stop, { once: true })
      consumer.joinGroup().catch(failure.reject)
      await failure.promise.finally(() => signal.removeEventListener('abort', stop))
    },
    async leave(withinMs: number): Promise<void> {
      await handOver(withinMs)
      try {
        await within(LEAVE_MS_MAX, consumer.close(true))
      } catch (error) {
        // The brokers find out by themselves when the session ends.
        said.warn('leave', { err: error, ...names }, 'a consumer group could not be told of our leaving')
      }
    },
  }
}
