import type { Plain } from '@meydan/contracts/core'

/** One event on a topic (`user:<id>`, `room:<id>`, …), as every online subscriber sees it. */
export interface TopicEvent {
  readonly topic: string
  /** Grows by one per topic, so that a reader sees a gap. */
  readonly seq: number
  readonly event: string
  readonly data: Plain
}

/**
 * Publish and subscribe between processes, at most once: what online players see at once.
 * The truth is elsewhere; whoever sees a gap in `seq` reads it there.
 */
export interface Topics {
  publish(topic: string, event: string, data: Plain): Promise<number>
  /** `listener` must not throw and must not block. */
  subscribe(topic: string, listener: (event: TopicEvent) => void): Promise<() => Promise<void>>
}
