import { sql } from 'kysely'
import type { Database } from '../storage/index.ts'
import type { Envelope, Subscription } from './bus.ts'
import type { Listener } from './events.ts'

/**
 * A service's listener as the bus takes it. Each event is handled in one transaction on the service's schema, in which
 * its id is noted first; an event that was noted before is let go without a word.
 */
export function consumer(service: string, listener: Listener, db: Database): Subscription {
  const group = `${service}.${listener.name}`
  const applied = sql.table(`${db.schema}.applied_events`)
  return {
    group,
    events: [listener.event.name],
    handle: (envelope) =>
      db.transaction(async (tx) => {
        // A second delivery at the same time waits here until the first has committed or failed.
        const { rows } = await sql`insert into ${applied} (consumer, event_id) values (${group}, ${envelope.id})
          on conflict do nothing returning event_id`.execute(tx)
        if (rows.length === 0) return
        await listener.handle(tx, heardOf(listener, envelope))
      }),
  }
}

function heardOf(listener: Listener, envelope: Envelope) {
  const parsed = listener.event.data.safeParse(envelope.data)
  if (!parsed.success) {
    throw new TypeError(`${envelope.name} ${envelope.id} does not fit the schema that ${listener.name} knows`, {
      cause: parsed.error,
    })
  }
  return { id: envelope.id, data: parsed.data, at: envelope.at, traceparent: envelope.traceparent }
}
