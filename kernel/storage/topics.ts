import type { Plain } from '@meydan/contracts/core'

/** One event on a topic (`user:<id>`, `room:<id>`, …), as every online subscriber sees it. */
export interface TopicEvent {
  readonly topic: string
  /** Grows by one per topic, so that a reader sees a gap. */
  readonly seq: number
  readonly event: string
  readonly data: Plain
}

/** What a topic keeps for readers that were away: its last events, so many of them and for so long. */
export const TOPIC_KEPT_MAX = 512
export const TOPIC_KEPT_MS = 120_000

/**
 * Publish and subscribe between processes, at most once: what online players see at once.
 * The truth is elsewhere; whoever sees a gap in `seq`, and finds it kept no more, reads it there.
 */
export interface Topics {
  /** Gives the event's number. Those of a topic that nothing is known of begin at the time in µs, so that none comes back. */
  publish(topic: string, event: string, data: Plain): Promise<number>
  /** `listener` must not throw and must not block. */
  subscribe(topic: string, listener: (event: TopicEvent) => void): Promise<() => Promise<void>>
  /** The number of the topic's last event. Who has subscribed before asking hears all that come after it. */
  position(topic: string): Promise<number>
  /** The events after number `seq`, in order; undefined when not all of them are kept, or there never was that number. */
  since(topic: string, seq: number): Promise<readonly TopicEvent[] | undefined>
}
