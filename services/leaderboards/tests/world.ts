import { playerContext, testKit } from '@meydan/conformance/harness'
import type { EventData, EventType, Id } from '@meydan/contracts/core'
import { USER_DELETED } from '@meydan/contracts/identity'
import type { Line, Period } from '@meydan/contracts/leaderboards'
import { MATCH_FINISHED } from '@meydan/contracts/matches'
import { consumer, type Envelope } from '@meydan/kernel/events'
import type { Cache, Database } from '@meydan/kernel/storage'
import { manualClock } from '@meydan/kernel/time'
import { sql, type Transaction } from 'kysely'
import { type Called, leaderboardsService } from '../module.ts'
import type { Finished } from './model.ts'

/** A Wednesday, so that days begin within the week. */
export const NOON = Date.UTC(2026, 10, 18, 12)
export const BOTS_ID = '99'
/** Small, so that a board of a few players is cut many times. */
export const BUCKET_LINES = 8

/** Holds nothing and answers nobody, whatever it is asked: no field of it can be read. What a board shows must not depend on it. */
const cacheAway = new Proxy({} as Cache, {
  get() {
    throw new Error('the cache is away')
  },
})

export const nameOf = (playerId: Id): string => `name of ${playerId}`

/** The leaderboards on a Postgres of their own, hearing events as the bus delivers them. */
export async function openWorld() {
  const clock = manualClock(NOON)
  const service = leaderboardsService({ games: [{ name: 'arena' }, { name: 'chess' }], bucketLinesMax: BUCKET_LINES })
  const made = await testKit<Called>('leaderboards', service.migrations, {
    clock,
    cache: cacheAway,
    call: {
      players: {
        names: async ({ playerIds }) => ({ names: Object.fromEntries(playerIds.map((id) => [id, nameOf(id)])) }),
      },
    },
  })
  const { kit } = made
  const { handlers, listeners = [] } = service.build(kit)
  const context = (playerId: Id) => playerContext(playerId)

  const envelope = <E extends EventType>(event: E, data: EventData<E>): Envelope => {
    const { name, version } = event
    const at = new Date(clock.now()).toISOString()
    return {
      id: kit.nextId(),
      name,
      version,
      key: event.key(data),
      // What schemas have parsed is plain data; the types of events do not say so.
      data: event.data.parse(data) as Envelope['data'],
      at,
      source: '',
    }
  }
  const deliverTo = async (db: Database, event: Envelope): Promise<void> => {
    for (const listener of listeners.filter((one) => one.event.name === event.name)) {
      await consumer('leaderboards', listener, db).handle(event)
    }
  }

  return {
    made,
    service,
    clock,
    handlers,
    /** The event of a finished match; the same one may be delivered often. A bot with all the points plays along. */
    finished({ game, endedAtMs, people }: Finished): Envelope {
      const line = { rank: 1, ratingBefore: null, ratingAfter: null }
      const placings = people.map(({ playerId, tenths }) => ({
        ...line,
        playerId,
        name: '',
        bot: false,
        score: tenths / 10,
      }))
      const endedAt = new Date(endedAtMs).toISOString()
      const bot = { ...line, playerId: BOTS_ID, name: 'Bot', bot: true, score: 1e6 }
      const match = {
        matchId: kit.nextId(),
        game,
        startedAt: endedAt,
        endedAt,
        reason: 'time',
        placings: [...placings, bot],
      }
      return envelope(MATCH_FINISHED, { match })
    },
    deleted: (userId: Id): Envelope => envelope(USER_DELETED, { userId, at: new Date(clock.now()).toISOString() }),
    deliver: (event: Envelope): Promise<void> => deliverTo(kit.db, event),
    /** A delivery to a process that dies between its last statement and its commit. */
    async deliverAndDie(event: Envelope): Promise<void> {
      const dying: Database = {
        ...kit.db,
        transaction: <Tables, R>(work: (tx: Transaction<Tables>) => Promise<R>) =>
          kit.db.transaction<Tables, R>(async (tx) => {
            await work(tx)
            throw new Error('killed')
          }),
      }
      await deliverTo(dying, event).catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'killed') throw error
      })
    },
    top: async (game: string, period: Period, limit = 100): Promise<Line[]> =>
      (await handlers.top({ game, period, limit }, context('1'))).lines,
    around: async (playerId: Id, game: string, period: Period, limit: number): Promise<Line[]> =>
      (await handlers.around({ game, period, limit }, context(playerId))).lines,
    rank: async (playerId: Id, game: string, period: Period): Promise<Line | null> =>
      (await handlers.rank({ game, period }, context(playerId))).line,
    /** Buckets whose count is not the lines they hold; and how many buckets there are, and how many with too many lines. */
    async buckets(): Promise<{ wrong: unknown[]; count: number; fat: number }> {
      const { rows } = await sql<{ board: string; lines: number; held: number }>`
        with ends as (
          select b.*, lead(row(descending, reached_at, player_id)) over whole as ends from leaderboards.buckets as b
          window whole as (partition by board order by descending, reached_at, player_id))
        select e.board, e.lines, (
          select count(*)::integer from leaderboards.lines as l
          where l.board = e.board and row(l.descending, l.reached_at, l.player_id) >= row(e.descending, e.reached_at, e.player_id)
            and (e.ends is null or row(l.descending, l.reached_at, l.player_id) < e.ends)) as held
        from ends as e`.execute(kit.db.tables())
      return {
        wrong: rows.filter(({ lines, held }) => lines !== held),
        count: rows.length,
        fat: rows.filter(({ lines }) => lines > BUCKET_LINES).length,
      }
    },
    async clear(): Promise<void> {
      await sql`truncate leaderboards.lines, leaderboards.buckets, leaderboards.forgotten, leaderboards.applied_events`.execute(
        kit.db.tables(),
      )
    },
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>
