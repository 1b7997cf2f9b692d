import type { EventData, EventType } from '@meydan/contracts/core'
import { sql } from 'kysely'
import type { NextId } from '../ids/index.ts'
import type { Clock } from '../time/index.ts'
import type { Events } from './events.ts'

export interface OutboxOptions {
  /** The service that publishes, which is also the name of its schema. */
  readonly source: string
  readonly clock: Clock
  readonly nextId: NextId
}

export interface Outbox extends Events {
  /** Whether this transaction published; asked after its commit to wake the relay. */
  wrote(tx: object): boolean
}

/** Keys are indexed by the bus; longer ones are a mistake. */
const KEY_LENGTH_MAX = 256
/** An event says what happened, it is no way to ship files. */
const DATA_BYTES_MAX = 256 * 1024

/** The writing side of one service's outbox. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { source, clock, nextId } = options
  const table = sql.table(`${source}.outbox`)
  const writers = new WeakSet<object>()
  return {
    async publish(tx, event, data, trace) {
      const { key, text } = checked(source, event, data)
      const id = nextId()
      const at = new Date(clock.now()).toISOString()
      writers.add(tx)
      await sql`insert into ${table} (id, name, version, key, data, at, traceparent)
        values (${id}, ${event.name}, ${event.version}, ${key}, ${text}, ${at}, ${trace?.traceparent ?? null})`.execute(
        tx,
      )
      return id
    },
    wrote: (tx) => writers.has(tx),
  }
}

function checked<E extends EventType>(source: string, event: E, data: EventData<E>): { key: string; text: string } {
  const what = `${source} publishes ${event.name}`
  const parsed = event.data.safeParse(data)
  if (!parsed.success) throw new TypeError(`${what} with data that does not fit its schema`, { cause: parsed.error })
  const key = event.key(parsed.data)
  if (key.length === 0 || key.length > KEY_LENGTH_MAX) {
    throw new RangeError(`${what} with a key of ${key.length} characters; 1 to ${KEY_LENGTH_MAX} are allowed`)
  }
  const text = JSON.stringify(parsed.data)
  const bytes = Buffer.byteLength(text)
  if (bytes > DATA_BYTES_MAX) throw new RangeError(`${what} with ${bytes} bytes; ${DATA_BYTES_MAX} are allowed`)
  return { key, text }
}
