import { SpanKind } from '@opentelemetry/api'
import { sql } from 'kysely'
import type { Database } from '../storage/index.ts'
import { formatTraceparent, newTrace, parseTraceparent, spanned, type TraceContext } from '../telemetry/index.ts'
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
    handle(envelope) {
      const hearing = new Hearing(envelope)
      const attributes = { 'messaging.system': 'meydan', 'messaging.destination.name': envelope.name }
      return spanned(`${group} hears ${envelope.name}`, hearing, { kind: SpanKind.CONSUMER, attributes }, () =>
        db.transaction(async (tx) => {
          // A second delivery at the same time waits here until the first has committed or failed.
          const { rows } = await sql`insert into ${applied} (consumer, event_id) values (${group}, ${envelope.id})
            on conflict do nothing returning event_id`.execute(tx)
          if (rows.length === 0) return
          await listener.handle(tx, heardOf(listener, envelope, hearing.traceparent))
        }),
      )
    },
  }
}

/** One event being heard, in the trace of the call that published it. What the listener does hangs on its own span, if it has one. */
class Hearing {
  trace: TraceContext
  traceparent: string | undefined

  constructor(envelope: Envelope) {
    this.trace = parseTraceparent(envelope.traceparent) ?? newTrace()
    this.traceparent = envelope.traceparent
  }

  enterSpan(trace: TraceContext): void {
    this.trace = trace
    this.traceparent = formatTraceparent(trace)
  }
}

function heardOf(listener: Listener, envelope: Envelope, traceparent: string | undefined) {
  const parsed = listener.event.data.safeParse(envelope.data)
  if (!parsed.success) {
    throw new TypeError(`${envelope.name} ${envelope.id} does not fit the schema that ${listener.name} knows`, {
      cause: parsed.error,
    })
  }
  return { id: envelope.id, data: parsed.data, at: envelope.at, traceparent }
}
