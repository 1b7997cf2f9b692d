import { testKit } from '@meydan/conformance/harness'
import type { EventData, EventType, Id } from '@meydan/contracts/core'
import { USER_DELETED } from '@meydan/contracts/identity'
import { ROOM_ENDED } from '@meydan/contracts/rooms'
import { consumer, type Envelope } from '@meydan/kernel/events'
import type { Database } from '@meydan/kernel/storage'
import { sql, type Transaction } from 'kysely'
import { matchesService } from '../module.ts'

export interface Placed {
  readonly playerId: Id
  readonly rank: number
  readonly bot?: boolean
}

/** What is said of a room of the arena that ended; without anybody placed it is lost. */
export function ended(roomId: Id, placed: readonly Placed[]): EventData<typeof ROOM_ENDED> {
  return {
    roomId,
    game: 'arena',
    gameVersion: 1,
    seed: 7,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:03:00.000Z',
    reason: placed.length > 0 ? 'time' : 'lost',
    standings: placed.map(({ playerId, rank, bot = false }) => ({
      playerId,
      name: `name of ${playerId}`,
      bot,
      rank,
      score: 100 - rank,
      left: false,
    })),
  }
}

/** The service on a Postgres of its own, hearing events as the bus delivers them. */
export async function openWorld() {
  const service = matchesService({ games: [{ name: 'arena' }] })
  const made = await testKit<Record<never, never>>('matches', service.migrations)
  const { kit } = made
  const { handlers, listeners = [] } = service.build(kit)

  const envelope = <E extends EventType>(event: E, data: EventData<E>): Envelope => {
    const { name, version } = event
    // What schemas have parsed is plain data; the types of events do not say so.
    const plain = event.data.parse(data) as Envelope['data']
    return {
      id: kit.nextId(),
      name,
      version,
      key: event.key(data),
      data: plain,
      at: '2026-01-01T00:03:00.000Z',
      source: '',
    }
  }
  const deliverTo = async (db: Database, event: Envelope): Promise<void> => {
    for (const listener of listeners.filter((one) => one.event.name === event.name)) {
      await consumer('matches', listener, db).handle(event)
    }
  }
  return {
    made,
    service,
    handlers,
    envelope,
    ended: (roomId: Id, placed: readonly Placed[]): Envelope => envelope(ROOM_ENDED, ended(roomId, placed)),
    deleted: (userId: Id): Envelope => envelope(USER_DELETED, { userId, at: '2026-01-01T00:02:00.000Z' }),
    deliver: (event: Envelope): Promise<void> => deliverTo(kit.db, event),
    /** A delivery that has done all but commit: `commit` lets it, `die` is the end of its process. */
    async deliverSlowly(event: Envelope) {
      const written = Promise.withResolvers<void>()
      const decided = Promise.withResolvers<void>()
      const db: Database = {
        ...kit.db,
        transaction: <Tables, R>(work: (tx: Transaction<Tables>) => Promise<R>) =>
          kit.db.transaction<Tables, R>(async (tx) => {
            const result = await work(tx)
            written.resolve()
            await decided.promise
            return result
          }),
      }
      const done = deliverTo(db, event)
      await Promise.race([written.promise, done])
      return {
        async commit(): Promise<void> {
          decided.resolve()
          await done
        },
        async die(): Promise<void> {
          decided.reject(new Error('killed'))
          await done.catch((error: unknown) => {
            if (!(error instanceof Error) || error.message !== 'killed') throw error
          })
        },
      }
    },
    async clear(): Promise<void> {
      const tables = ['matches', 'placings', 'ratings', 'forgotten', 'outbox', 'applied_events']
      await sql`truncate ${sql.join(tables.map((table) => sql.table(`matches.${table}`)))}`.execute(kit.db.tables())
    },
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>
