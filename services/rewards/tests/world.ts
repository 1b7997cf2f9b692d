import { playerContext, serviceContext, testKit } from '@meydan/conformance/harness'
import { core, type EventData, type EventType, type Id, type InputOf } from '@meydan/contracts/core'
import { rewards } from '@meydan/contracts/rewards'
import { playerAccount, type wallet } from '@meydan/contracts/wallet'
import { consumer, type Envelope } from '@meydan/kernel/events'
import { idMaker } from '@meydan/kernel/ids'
import type { Database, TopicEvent } from '@meydan/kernel/storage'
import { manualClock } from '@meydan/kernel/time'
import { sql } from 'kysely'
import { type Called, rewardsService } from '../module.ts'
import { parseRewardTypes } from '../types.ts'
import { TYPES } from './types.ts'

export const NOON = Date.UTC(2026, 10, 18, 12)
const ADMIN = '900'

type Transfer = (typeof wallet)['procedures']['transfer']

/** A wallet that does as the real one does for a key, and can be away, before or after it did what was asked. */
function fakeWallet() {
  const transfers = new Map<string, { to: string; currency: string; amount: number; reason: string }>()
  const fake = {
    mood: 'well' as 'well' | 'away' | 'lost',
    transfers,
    async transfer({ key, reason, legs }: InputOf<Transfer>) {
      if (fake.mood === 'away') throw core.UNAVAILABLE()
      const [leg] = legs
      if (!leg) throw new Error('nothing to transfer')
      if (!transfers.has(key)) transfers.set(key, { ...leg, reason })
      if (fake.mood === 'lost') throw core.DEADLINE_EXCEEDED()
      return { transferId: '1', at: new Date(NOON).toISOString(), balances: [] }
    },
    has: (playerId: Id, currency = 'coins'): number =>
      [...transfers.values()]
        .filter((one) => one.to === playerAccount(playerId) && one.currency === currency)
        .reduce((sum, { amount }) => sum + amount, 0),
  }
  return fake
}

/** Rewards on a Postgres of their own; `process()` is one more process of them. Accounts are those in `accounts`. */
export async function openWorld() {
  const clock = manualClock(NOON)
  const wallet = fakeWallet()
  const accounts = new Set<Id>()
  const online = new Set<Id>()
  const among = (set: ReadonlySet<Id>) => async (input: { playerIds: readonly Id[] }) => ({
    playerIds: input.playerIds.filter((playerId) => set.has(playerId)),
  })
  const call = {
    wallet: { transfer: wallet.transfer },
    players: {
      known: among(accounts),
      online: among(online),
      page: async ({ after = '0', limit }: { after?: Id | undefined; limit: number }) => {
        const ids = [...accounts].map(BigInt).sort((a, b) => (a < b ? -1 : 1))
        return {
          playerIds: ids
            .filter((id) => id > BigInt(after))
            .slice(0, limit)
            .map(String),
        }
      },
    },
  }
  const service = rewardsService({ types: parseRewardTypes(TYPES), currencies: new Set(['coins', 'gems']) })
  const made = await testKit<Called>('rewards', service.migrations, { clock, call, nextId: () => nextId() })
  const { kit } = made
  let keys = 0
  let nextId = idMaker(clock, 1)

  const process = () => {
    const { handlers, listeners = [], jobs = [] } = service.build(kit)
    const { grant, give, send, inbox } = rewards.procedures
    const deliver = async (event: Envelope, db: Database = kit.db): Promise<void> => {
      for (const listener of listeners.filter((one) => one.event.name === event.name)) {
        await consumer('rewards', listener, db).handle(event)
      }
    }
    return {
      handlers,
      deliver,
      grant: (input: object) =>
        handlers.grant(grant.input.parse({ key: `key-${++keys}`, reason: 'test', ...input }), serviceContext('test')),
      give: (input: object) =>
        handlers.give(give.input.parse({ key: `key-${++keys}`, reason: 'test', ...input }), playerContext(ADMIN)),
      mine: (playerId: Id) => handlers.mine({}, playerContext(playerId)),
      daily: (playerId: Id) => handlers.claimDaily({}, playerContext(playerId)),
      inbox: (playerId: Id, page: object = {}) => handlers.inbox(inbox.input.parse(page), playerContext(playerId)),
      claim: (playerId: Id, messageId: Id) => handlers.claim({ messageId }, playerContext(playerId)),
      claimAll: (playerId: Id) => handlers.claimAll({}, playerContext(playerId)),
      send: (input: object, by: Id = ADMIN) =>
        handlers.send(send.input.parse({ key: `key-${++keys}`, title: 'Hello', ...input }), playerContext(by)),
      campaign: (campaignId: Id) => handlers.campaign({ campaignId }, playerContext(ADMIN)),
      async runJob(name: string): Promise<void> {
        await jobs.find((job) => job.name === name)?.run(new AbortController().signal)
      },
    }
  }
  const here = process()

  return {
    made,
    service,
    clock,
    wallet,
    accounts,
    online,
    process,
    ...here,
    envelope: <E extends EventType>(event: E, data: EventData<E>): Envelope => ({
      id: kit.nextId(),
      name: event.name,
      version: event.version,
      key: event.key(data),
      // What schemas have parsed is plain data; the types of events do not say so.
      data: event.data.parse(data) as Envelope['data'],
      at: new Date(NOON).toISOString(),
      source: '',
    }),
    /** Takes the oldest event out of the outbox, as the relay does; undefined when there is none. */
    async nextEvent(): Promise<Envelope | undefined> {
      const { rows } = await made.database.postgres.pool.query<Omit<Envelope, 'source'>>(
        `delete from rewards.outbox where seq = (select min(seq) from rewards.outbox)
        returning id, name, version, key, data, at::text`,
      )
      return rows[0] && { ...rows[0], source: 'rewards' }
    },
    /** Delivers events until there are none left; gives how many there were. */
    async relay(deliver = here.deliver): Promise<number> {
      let delivered = 0
      for (let event = await this.nextEvent(); event; event = await this.nextEvent(), delivered++) await deliver(event)
      return delivered
    },
    /** Everything that is told to a player from now on. */
    async listenTo(playerId: Id): Promise<TopicEvent[]> {
      const told: TopicEvent[] = []
      await kit.topics.subscribe(`user:${playerId}`, (event) => told.push(event))
      return told
    },
    /** So many players, by rows of their own. */
    async crowd(from: number, count: number): Promise<void> {
      await made.database.postgres.pool.query(
        `insert into rewards.players (player_id) select * from generate_series(${from}, ${from + count - 1})`,
      )
    },
    rows: async <R>(query: string): Promise<R[]> => (await sql.raw<R>(query).execute(kit.db.tables())).rows,
    /** As it was when it was opened. */
    async clear(): Promise<void> {
      const tables = ['rewards', 'players', 'items', 'boosters', 'inbox', 'campaigns', 'outbox', 'applied_events']
      for (const table of tables) await made.database.postgres.pool.query(`delete from rewards.${table}`)
      await made.database.postgres.pool.query('update rewards.census set after = null, done = false')
      for (const kept of [accounts, online, wallet.transfers]) kept.clear()
      wallet.mood = 'well'
      clock.advance(NOON - clock.now())
      nextId = idMaker(clock, 1)
    },
    close: () => made.close(),
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>

export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    (error: { code?: unknown }) => error.code ?? error,
  )
}
