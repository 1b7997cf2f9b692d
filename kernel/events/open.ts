import type { NextId } from '../ids/index.ts'
import type { Database } from '../storage/index.ts'
import type { Log } from '../telemetry/index.ts'
import type { Clock } from '../time/index.ts'
import type { Bus } from './bus.ts'
import type { Events } from './events.ts'
import { createOutbox } from './outbox.ts'
import { createRelay, type Relay } from './relay.ts'

export interface EventsOptions {
  /** The service, which is also the name of its schema. */
  readonly source: string
  readonly bus: Bus
  readonly clock: Clock
  readonly nextId: NextId
  readonly log: Log
  /** Opens the service's database; it tells `afterCommit` of every transaction it has committed. */
  readonly open: (hooks: { afterCommit: (tx: object) => void }) => Database
}

export interface ServiceEvents {
  readonly db: Database
  readonly events: Events
  readonly relay: Relay
}

/** Database, publisher and relay of one service, joined so that a commit with events in it wakes the relay at once. */
export function openEvents(options: EventsOptions): ServiceEvents {
  const { source, bus, log } = options
  const outbox = createOutbox(options)
  const db = options.open({
    afterCommit: (tx) => {
      if (outbox.wrote(tx)) relay.wake()
    },
  })
  const relay = createRelay({ source, db, bus, log })
  return { db, events: outbox, relay }
}
