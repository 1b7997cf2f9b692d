import type { Id, Plain } from '@meydan/contracts/core'

/** An event on its way. */
export interface Envelope {
  readonly id: Id
  readonly name: string
  readonly version: number
  readonly key: string
  readonly data: Plain
  /** RFC 3339. */
  readonly at: string
  /** The service that published it. */
  readonly source: string
  /** W3C `traceparent` of the call that published it. */
  readonly traceparent?: string | undefined
}

export interface Subscription {
  /** Unique and stable: who hears (`matches.record-result`). One group's processes share the work. */
  readonly group: string
  readonly events: readonly string[]
  /** Throwing means: try again later. */
  readonly handle: (envelope: Envelope) => Promise<void>
}

export interface DeadLetter {
  readonly id: string
  readonly group: string
  readonly envelope: Envelope
  readonly error: string
  readonly attempts: number
  readonly at: string
}

/** Carries events from the outbox to consumers: at least once, in order for one key, with retries and dead letters. */
export interface Bus {
  start(): Promise<void>
  /** Resolves when all of the batch is safely stored. */
  publish(batch: readonly Envelope[]): Promise<void>
  subscribe(subscription: Subscription): Promise<void>
  deadLetters(group?: string): Promise<DeadLetter[]>
  /** Puts dead letters back in line; gives how many. All of the group's when no id is given. */
  redrive(group: string, id?: string): Promise<number>
  /** Waiting and running, per group. */
  depth(): Promise<Record<string, number>>
  /** Finishes what runs, bounded by `deadlineMs`. */
  stop(deadlineMs: number): Promise<void>
}

const GROUP_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/i

/** The name of a consumer group as drivers may build their own names on it. Throws a RangeError for any other. */
export function checkedGroup(group: string): string {
  if (!GROUP_NAME.test(group)) throw new RangeError(`'${group}' is no name for a consumer group`)
  return group
}
