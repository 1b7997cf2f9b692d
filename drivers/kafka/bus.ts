import {
  attempt,
  type Bus,
  checkedGroup,
  createGate,
  type DeadLetter,
  type Envelope,
  type Failure,
  type Gate,
  RETRY_DEFAULT,
  type RetryPolicy,
  type Subscription,
} from '@meydan/kernel/events'
import { type Log, type Metrics, sparing } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
import { Admin } from '@platformatic/kafka'
import { answered, assertReachable, connectionTo, type KafkaAccess } from './connection.ts'
import { createDeadLetters } from './dead.ts'
import { type Feed, openFeed } from './feed.ts'
import { createHandling } from './handling.ts'
import { createNames, type FeedNames } from './names.ts'
import { createOffsets } from './offsets.ts'
import { createProducing } from './producing.ts'
import { createReader } from './reader.ts'
import { eventRecord, letterRecord, retryRecord, tombstone } from './records.ts'
import { createTopics, type TopicSettings } from './topics.ts'

export interface KafkaBusOptions extends TopicSettings {
  /** `host:port` of some of the brokers; the others are found through them. */
  readonly brokers: readonly string[]
  /** Without TLS and without a password unless given. */
  readonly access?: KafkaAccess
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
  /** Before the names of all topics and groups; `meydan` unless given. */
  readonly prefix?: string
  /** Events handled at a time in this process; 12 unless given. Keep it below the services' pool: each takes a connection of it. */
  readonly handlersMax?: number
  readonly retry?: RetryPolicy
}

const PREFIX = 'meydan'
const OPEN: KafkaAccess = { tls: false }
/** A rush of events must leave connections for players' calls, and one slow group places for the others. */
const HANDLERS_MAX = 12
const HANDLERS_PER_GROUP = 4

/** The bus on Kafka: a topic an event, a consumer group for each event that a group hears. */
export function kafkaBus(options: KafkaBusOptions): Bus {
  const { log, clock, retry = RETRY_DEFAULT } = options
  const connection = connectionTo(options.brokers, options.access ?? OPEN)
  const names = createNames(options.prefix ?? PREFIX)
  const admin = new Admin(connection)
  const producing = createProducing(connection)
  const topics = createTopics(admin, names, options)
  const offsets = createOffsets(admin, options.partitions)
  const reader = createReader(connection, [names.dead])
  const letters = createDeadLetters(names.dead, reader, log)
  const count = countersOf(options.metrics)
  const said = sparing(log)
  const all = createGate(options.handlersMax ?? HANDLERS_MAX)
  const feeds = new Set<Feed>()

  const bury = async (group: string, envelope: Envelope, failure: Failure, attempts: number) => {
    const at = new Date(clock.now()).toISOString()
    const letter: DeadLetter = { id: envelope.id, group, envelope, error: failure.text, attempts, at }
    await producing.send([letterRecord(names.dead, letter)])
    count.dead(1, { group })
    log.error(
      { err: failure.error, group, event: envelope.name, eventId: envelope.id },
      'an event is a dead letter now',
    )
  }
  const open = (feed: FeedNames, subscription: Subscription, gate: Gate): Feed => {
    const { group } = feed
    const tryOnce = async (envelope: Envelope, attempts: number) => {
      const failure = await attempt(subscription, envelope)
      if (!failure) count.consumed(1, { group })
      else if (attempts < retry.retries) {
        count.retried(1, { group })
        const about = { err: failure.error, group, event: envelope.name, eventId: envelope.id, attempt: attempts + 1 }
        log.warn(about, 'an event was not handled; it will be tried again')
      }
      return failure
    }
    const handling = (signal: AbortSignal) =>
      createHandling({
        retry,
        clock,
        said,
        signal,
        places: { run: (work) => gate.run(() => all.run(work)) },
        attempt: tryOnce,
        postpone: (entry) => producing.send([retryRecord(feed.retries, entry)]),
        bury: (envelope, failure, attempts) => bury(group, envelope, failure, attempts),
      })
    return openFeed({ names: feed, connection, said, handling })
  }
  /** Forgets what a group has named before and names no more, unless another process of the group still does. */
  const forgetOthers = async ({ group, events }: Subscription) => {
    for (const feed of await topics.feeds()) {
      if (feed.group !== group || events.includes(feed.event)) continue
      try {
        await admin.deleteGroups({ groups: [feed.consumerGroup] })
        await admin.deleteTopics({ topics: [feed.retries] })
      } catch (error) {
        if (!answered(error, 'NON_EMPTY_GROUP')) throw error
      }
    }
  }

  return {
    async start() {
      await assertReachable(connection)
      await topics.ensureDead()
    },
    async publish(batch) {
      await topics.ensureEvents([...new Set(batch.map(({ name }) => names.event(name)))])
      await producing.send(batch.map((envelope) => eventRecord(names.event(envelope.name), envelope)))
      count.produced(batch.length)
    },
    async subscribe(subscription) {
      const group = checkedGroup(subscription.group)
      await forgetOthers(subscription)
      const gate = createGate(HANDLERS_PER_GROUP)
      for (const event of subscription.events) {
        const feed = names.feed(group, event)
        await topics.ensureEvents([feed.events])
        // The retry topic says that the group has been here, even when Kafka has forgotten where it stood.
        if (!(await topics.exists(feed.retries))) await offsets.begin(feed)
        await topics.ensureEvents([feed.retries])
        feeds.add(open(feed, subscription, gate))
      }
    },
    deadLetters: (group) => letters.list(group),
    async redrive(group, id) {
      checkedGroup(group)
      let moved = 0
      for (;;) {
        const some = (await letters.list(group)).filter((letter) => id === undefined || letter.id === id)
        if (some.length === 0) return moved
        // Twice in line is better than not at all: a listener lets go of what it has handled.
        await producing.send(some.map(({ envelope }) => redriven(names.feed(group, envelope.name), envelope)))
        await producing.send(some.map((letter) => tombstone(names.dead, letter)))
        moved += some.length
      }
    },
    async depth() {
      const depths: Record<string, number> = {}
      for (const [{ group }, lag] of await offsets.lags(await topics.feeds()))
        depths[group] = (depths[group] ?? 0) + lag
      return depths
    },
    async stop(deadlineMs) {
      await Promise.all([...feeds].map((feed) => feed.stop(deadlineMs)))
      await Promise.all([reader.close(), producing.close(), admin.close()])
    },
  }
}

function redriven({ retries }: FeedNames, envelope: Envelope) {
  return retryRecord(retries, { envelope, attempts: 0, dueMs: 0 })
}

function countersOf(metrics: Metrics) {
  return {
    produced: metrics.counter('meydan_bus_produced_total', 'Events handed to the bus'),
    consumed: metrics.counter('meydan_bus_consumed_total', 'Events handled', ['group']),
    retried: metrics.counter('meydan_bus_retried_total', 'Tries that failed and are followed by another', ['group']),
    dead: metrics.counter('meydan_bus_dead_total', 'Events given up on', ['group']),
  }
}
