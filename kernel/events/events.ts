import type { EventData, EventType, Id } from '@meydan/contracts/core'
import type { Transaction } from 'kysely'

/** What a service publishes events with. */
export interface Events {
  /**
   * Writes the event to the service's outbox in the caller's transaction: no event without its fact,
   * no fact without its event. Throws when `data` does not fit the event's schema.
   */
  publish<E extends EventType, Tables>(
    tx: Transaction<Tables>,
    event: E,
    data: EventData<E>,
    trace?: { traceparent?: string | undefined },
  ): Promise<Id>
}

export interface Heard<E extends EventType> {
  readonly id: Id
  readonly data: EventData<E>
  readonly at: string
  readonly traceparent?: string | undefined
}

/**
 * One thing a service does when it hears an event. `handle` runs in a transaction on the service's own schema in which
 * the event's id has been noted: what it writes there is applied exactly once. Other effects may repeat.
 */
export interface Listener {
  readonly event: EventType
  /** Unique within the service, stable: it names the consumer group. */
  readonly name: string
  readonly handle: (tx: Transaction<unknown>, heard: Heard<EventType>) => Promise<void>
}

/** `listen(USER_DELETED, 'forget', async (tx, heard) => …)` */
export function listen<E extends EventType, Tables>(
  event: E,
  name: string,
  handle: (tx: Transaction<Tables>, heard: Heard<E>) => Promise<void>,
): Listener {
  // The relay has parsed `data` by the event's own schema; from here on its type is known.
  return { event, name, handle: handle as Listener['handle'] }
}
