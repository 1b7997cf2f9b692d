import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Database } from '../storage/index.ts'
import { type Log, sparing } from '../telemetry/index.ts'
import type { Bus, Envelope } from './bus.ts'

export interface RelayOptions {
  /** The service whose outbox it empties, which is also the name of its schema. */
  readonly source: string
  readonly db: Database
  readonly bus: Bus
  readonly log: Log
}

export interface Relay {
  start(): void
  /** There is something in the outbox: hand it over now. */
  wake(): void
  /** How long the oldest event in the outbox has waited, by the database's clock; 0 when none does. */
  lagS(): Promise<number>
  /** Finishes the batch at hand. What is left in the outbox waits there for the next start. */
  stop(): Promise<void>
}

const BATCH_MAX = 200
/** How soon rows are found that a process left behind when it died between its commit and its relay. */
const POLL_MS = 1_000
const RETRY_MS_MIN = 200
const RETRY_MS_MAX = 5_000
const PRUNE_EVERY_MS = 6 * 60 * 60 * 1_000
/** Far longer than a dead letter stays without being looked at or the bus tries again. */
const APPLIED_KEPT_DAYS = 100
const PRUNE_BATCH = 10_000

/**
 * Hands a service's outbox to the bus, in the order in which it was written. Of all processes one at a time does so, under an
 * advisory lock; a process that just committed waits for its turn, so that no event waits for a poll.
 */
export function createRelay(options: RelayOptions): Relay {
  const { source, bus, log } = options
  const outbox = outboxOf(options)
  const said = sparing(log)
  let stopped = false
  let wanted = false
  let running: Promise<void> | undefined
  let poll: NodeJS.Timeout | undefined
  let prune: NodeJS.Timeout | undefined
  const stopping = new AbortController()

  const empty = async (): Promise<void> => {
    let retryMs = RETRY_MS_MIN
    while (wanted && !stopped) {
      wanted = false
      try {
        const moved = await outbox.moveTo(bus)
        if (moved === BATCH_MAX) wanted = true
        retryMs = RETRY_MS_MIN
      } catch (error) {
        said.warn('relay', { err: error, source, retryMs }, 'events could not be relayed; they wait in the outbox')
        wanted = true
        // Being woken from the wait is what stopping does to it.
        await delay(retryMs, undefined, { signal: stopping.signal }).catch(() => undefined)
        retryMs = Math.min(retryMs * 2, RETRY_MS_MAX)
      }
    }
  }
  const wake = () => {
    if (stopped) return
    wanted = true
    running ??= empty().finally(() => {
      running = undefined
      // Somebody may have asked after the last look and before this.
      if (wanted) wake()
    })
  }
  const look = async () => {
    if (running) return
    try {
      if (await outbox.waiting()) wake()
    } catch (error) {
      log.debug({ err: error, source }, 'could not look into the outbox')
    }
  }
  const pruneNow = async () => {
    try {
      await outbox.prune()
    } catch (error) {
      log.warn({ err: error, source }, 'could not prune the list of applied events')
    }
  }
  return {
    start() {
      poll = setInterval(look, POLL_MS)
      prune = setInterval(pruneNow, PRUNE_EVERY_MS)
      wake()
    },
    wake,
    lagS: () => outbox.lagS(),
    async stop() {
      stopped = true
      clearInterval(poll)
      clearInterval(prune)
      stopping.abort()
      await running
    },
  }
}

interface OutboxRow {
  readonly seq: string
  readonly id: string
  readonly name: string
  readonly version: number
  readonly key: string
  readonly data: Envelope['data']
  readonly at: Date
  readonly traceparent: string | null
}

function outboxOf({ source, db }: RelayOptions) {
  const table = sql.table(`${source}.outbox`)
  const applied = sql.table(`${source}.applied_events`)
  return {
    async waiting(): Promise<boolean> {
      const { rows } = await sql<{ waiting: boolean }>`select exists (select from ${table}) as waiting`.execute(
        db.tables(),
      )
      return rows[0]?.waiting === true
    },
    async lagS(): Promise<number> {
      const { rows } = await sql<{
        lag: number
      }>`select greatest(0, extract(epoch from clock_timestamp() - at))::float8 as lag
        from ${table} order by seq limit 1`.execute(db.tables())
      return rows[0]?.lag ?? 0
    },
    /** One batch; gives how many events it was. The rows go in the transaction that held the lock while they were read. */
    moveTo: (bus: Bus): Promise<number> =>
      db.transaction(async (tx) => {
        await sql`select pg_advisory_xact_lock(hashtextextended(${`meydan.relay.${source}`}, 0))`.execute(tx)
        // A statement of its own: it must see what the last holder of the lock has removed. What it removes itself is gone
        // with the commit, and not at all when the bus refuses.
        const { rows } = await sql<OutboxRow>`delete from ${table} where seq in
          (select seq from ${table} order by seq limit ${BATCH_MAX}) returning *`.execute(tx)
        if (rows.length === 0) return 0
        rows.sort((one, other) => (BigInt(one.seq) < BigInt(other.seq) ? -1 : 1))
        await bus.publish(rows.map((row) => envelopeOf(row, source)))
        return rows.length
      }),
    async prune(): Promise<void> {
      for (;;) {
        const { numAffectedRows = 0n } = await sql`delete from ${applied} where ctid = any(array(
          select ctid from ${applied} where applied_at < now() - make_interval(days => ${APPLIED_KEPT_DAYS}::int)
          limit ${PRUNE_BATCH}))`.execute(db.tables())
        if (numAffectedRows < BigInt(PRUNE_BATCH)) return
      }
    },
  }
}

function envelopeOf(row: OutboxRow, source: string): Envelope {
  return {
    id: row.id,
    name: row.name,
    version: row.version,
    key: row.key,
    data: row.data,
    at: row.at.toISOString(),
    source,
    ...(row.traceparent !== null && { traceparent: row.traceparent }),
  }
}
