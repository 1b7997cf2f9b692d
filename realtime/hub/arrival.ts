import type { TopicEvent } from '@meydan/kernel/storage'
import { RING_EVENTS_MAX } from './ring.ts'

/**
 * A session on its way into a topic's audience, that goes on behind an event it has heard elsewhere. What it missed is read while the topic
 * is being heard already, and either may tell of an event first: each is told once, in order.
 */
export class Arrival {
  /** The number of the last event that the session has. */
  #seq: number
  /** What is heard while the missed events are being read; undefined once they have been told. */
  #held: TopicEvent[] | undefined = []
  #overflowed = false
  readonly #tell: (event: TopicEvent) => void

  constructor(seq: number, tell: (event: TopicEvent) => void) {
    this.#seq = seq
    this.#tell = tell
  }

  /** An event that is heard now. True once no later one can have been told already: the session has arrived. */
  hear(event: TopicEvent): boolean {
    if (!this.#held) return this.#pass(event)
    if (this.#held.length < RING_EVENTS_MAX) this.#held.push(event)
    else this.#overflowed = true
    return false
  }

  /** Tells the events that were missed and then those heard meanwhile; false when there were too many of them. */
  fill(missed: readonly TopicEvent[]): boolean {
    const held = this.#held ?? []
    this.#held = undefined
    for (const event of [...missed, ...held]) this.#pass(event)
    return !this.#overflowed
  }

  #pass(event: TopicEvent): boolean {
    if (event.seq <= this.#seq) return false
    this.#seq = event.seq
    this.#tell(event)
    return true
  }
}
