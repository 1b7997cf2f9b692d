import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { contextOf, playerCaller, quietLog, serviceContext, testDatabase, testKit } from '@meydan/conformance/harness'
import { Fault, type Id, seededRandom } from '@meydan/contracts/core'
import { ROOM_ENDED } from '@meydan/contracts/rooms'
import { migrate } from '@meydan/drivers/postgres'
import { consumer, type Envelope } from '@meydan/kernel/events'
import { createHost } from '@meydan/kernel/rpc'
import type { Database } from '@meydan/kernel/storage'
import { manualClock } from '@meydan/kernel/time'
import type { Transaction } from 'kysely'
import { afterAll, describe, expect, test } from 'vitest'
import { botsService } from './module.ts'
import { ROOM_KEPT_MS, SKILL_MAX, SKILL_MIN } from './rules.ts'

const clock = manualClock()
const service = botsService()
const made = await testKit<Record<never, never>>('bots', service.migrations, { clock })
afterAll(() => made.close())
const { kit } = made
const { nextId } = kit

/** The service as one process runs it; `db` lets a test stop it between its last statement and its commit. */
function processWith(db: Database) {
  const { handlers, listeners = [], jobs = [] } = service.build({ ...kit, db })
  return {
    hire: async (roomId: Id, count: number, rating?: number) =>
      (await handlers.hire({ roomId, count, rating }, serviceContext('matchmaking'))).bots,
    async hear(event: Envelope): Promise<void> {
      for (const listener of listeners) await consumer('bots', listener, db).handle(event)
    },
    async sweep(): Promise<void> {
      for (const job of jobs) await job.run(new AbortController().signal)
    },
  }
}
const { hire, hear, sweep } = processWith(kit.db)

function ended(roomId: Id): Envelope {
  const at = new Date(clock.now()).toISOString()
  const data = {
    roomId,
    game: 'arena',
    gameVersion: 1,
    seed: 1,
    startedAt: at,
    endedAt: at,
    reason: 'time',
    standings: [],
  }
  return { id: nextId(), name: ROOM_ENDED.name, version: 1, key: roomId, data, at, source: 'rooms' }
}
const kept = async (roomId: Id): Promise<Id[]> => {
  const { rows } = await made.database.postgres.pool.query<{ bot_id: Id }>(
    'select bot_id from bots.bots where room_id = $1 order by number',
    [roomId],
  )
  return rows.map(({ bot_id }) => bot_id)
}
const idsOf = (hired: readonly { botId: Id }[]) => hired.map(({ botId }) => botId)
const gone = { code: 'ROOM_GONE', status: 410 }

/** Transactions that have done all but commit, and wait. */
function pausing(db: Database) {
  const atCommit = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const paused: Database = {
    ...db,
    transaction: <Tables, R>(work: (tx: Transaction<Tables>) => Promise<R>) =>
      db.transaction<Tables, R>(async (tx) => {
        const result = await work(tx)
        atCommit.resolve()
        await goOn.promise
        return result
      }),
  }
  return { paused, atCommit: atCommit.promise, goOn: goOn.resolve }
}
const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('hiring', () => {
  test('B1 B6 bots have names of their own and a skill that fits the people, better for the better', async () => {
    const skills: number[] = []
    for (const rating of [-1e9, 900, 1_200, 1e9]) {
      const hired = await hire(nextId(), 16, rating)
      expect(new Set(hired.map(({ name }) => name)).size).toBe(16)
      expect(new Set(hired.map(({ skill }) => skill)).size, 'they are each other’s equals').toBe(1)
      skills.push(hired[0]?.skill ?? Number.NaN)
    }
    expect(skills).toEqual(skills.toSorted((a, b) => a - b))
    expect(new Set(skills).size).toBe(4)
    expect(skills[0]).toBeCloseTo(SKILL_MIN)
    expect(skills[3]).toBeCloseTo(SKILL_MAX)
  })

  test('B2 twenty who ask for one room at once get the same bots, and there are no others', async () => {
    const roomId = nextId()
    const answers = await Promise.all(Array.from({ length: 20 }, () => hire(roomId, 4, 1_100)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]).toHaveLength(4)
    expect(await kept(roomId)).toEqual(idsOf(answers[0] ?? []))
  })

  test('B2 who asks for more keeps those that are there and gets the rest; who asks for fewer gets the first of them', async () => {
    const roomId = nextId()
    const two = await hire(roomId, 2, 900)
    const [five, one] = [await hire(roomId, 5, 1_500), await hire(roomId, 1, 700)]
    expect(five.slice(0, 2)).toEqual(two)
    expect(one).toEqual(two.slice(0, 1))
    expect(five).toHaveLength(5)
    // Fifteen of sixteen names are taken: only a name that nobody has is left.
    await hire(roomId, 15)
    expect(new Set((await hire(roomId, 16)).map(({ name }) => name)).size).toBe(16)
  })

  test('B2 different numbers asked for at once are the same bots too', async () => {
    const roomId = nextId()
    const answers = await Promise.all([3, 1, 5, 2, 4, 5].map((count) => hire(roomId, count)))
    const all = answers[2] ?? []
    for (const answer of answers) expect(answer).toEqual(all.slice(0, answer.length))
    expect(await kept(roomId)).toEqual(idsOf(all))
  })
})

describe('the end of the room', () => {
  test('B3 B6 its bots are deleted, those of other rooms stay, and hearing of it again changes nothing', async () => {
    const [roomId, other] = [nextId(), nextId()]
    await hire(roomId, 3)
    const staying = await hire(other, 2)
    const end = ended(roomId)
    for (const event of [end, end, ended(roomId)]) await hear(event)
    expect(await kept(roomId)).toEqual([])
    expect(await kept(other)).toEqual(idsOf(staying))
  })

  test('B3 heard of before the hire, it refuses the hire', async () => {
    const roomId = nextId()
    await hear(ended(roomId))
    await expect(hire(roomId, 3)).rejects.toMatchObject(gone)
    expect(await kept(roomId)).toEqual([])
  })

  test('B3 heard of while a hire has made its bots and not committed, it waits and deletes them', async () => {
    const roomId = nextId()
    const { paused, atCommit, goOn } = pausing(kit.db)
    const hiring = processWith(paused).hire(roomId, 3)
    await atCommit
    const hearing = hear(ended(roomId))
    expect(await Promise.race([hearing.then(() => 'heard'), soon(200).then(() => 'waits')])).toBe('waits')
    goOn()
    expect(await hiring).toHaveLength(3)
    await hearing
    expect(await kept(roomId)).toEqual([])
  })

  test('B3 a hire that comes while the end is being noted waits and is refused', async () => {
    const roomId = nextId()
    await hire(roomId, 2)
    const { paused, atCommit, goOn } = pausing(kit.db)
    const hearing = processWith(paused).hear(ended(roomId))
    await atCommit
    const hiring = hire(roomId, 3).catch((error: unknown) => error)
    expect(await Promise.race([hiring.then(() => 'answered'), soon(200).then(() => 'waits')])).toBe('waits')
    goOn()
    await hearing
    expect(await hiring).toMatchObject(gone)
    expect(await kept(roomId)).toEqual([])
  })

  test('B2 B3 hires and ends of many rooms, twice each and in any order, leave no bot behind', async () => {
    const random = seededRandom(6)
    const rooms = Array.from({ length: 40 }, () => nextId())
    const hires = rooms.flatMap((roomId) =>
      [1, 2].map(() => ({ roomId, run: (): Promise<unknown> => hire(roomId, 3) })),
    )
    const ends = rooms.flatMap((roomId) => {
      const event = ended(roomId)
      return [1, 2].map(() => ({ roomId, run: (): Promise<unknown> => hear(event) }))
    })
    const mixed = [...hires, ...ends].map((work) => ({ ...work, order: random.float() }))
    const outcomes = await Promise.allSettled(mixed.toSorted((a, b) => a.order - b.order).map(({ run }) => run()))
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    for (const reason of refused) expect(reason).toMatchObject(gone)
    for (const roomId of rooms) expect(await kept(roomId)).toEqual([])
    expect(refused.length, 'both orders happened').toBeGreaterThan(0)
    expect(refused.length, 'both orders happened').toBeLessThan(hires.length)
  })
})

describe('the sweep', () => {
  test('B4 a room that never opened, or whose end was lost, keeps no bots beyond a day; one that hires again does', async () => {
    const [lost, again] = [nextId(), nextId()]
    await hire(lost, 2)
    const hired = await hire(again, 2)
    clock.advance(ROOM_KEPT_MS)
    await sweep()
    expect(await kept(lost)).toHaveLength(2)
    expect(await hire(again, 2)).toEqual(hired)
    clock.advance(1)
    await sweep()
    expect(await kept(lost)).toEqual([])
    expect(await kept(again)).toEqual(idsOf(hired))
  })

  test('B4 that a room is over is remembered for a day, and whoever hires later than that leaves nothing for good', async () => {
    const roomId = nextId()
    await hear(ended(roomId))
    clock.advance(ROOM_KEPT_MS)
    await sweep()
    await expect(hire(roomId, 1)).rejects.toMatchObject(gone)
    clock.advance(1)
    await sweep()
    await hire(roomId, 1)
    clock.advance(ROOM_KEPT_MS + 1)
    await sweep()
    const { rows } = await made.database.postgres.pool.query(
      'select 1 from bots.rooms union all select 1 from bots.bots',
    )
    expect(rows).toEqual([])
  })
})

test('C9 bots are for services: no door has the call, a player may not make it, and what it cannot take is named', async () => {
  const { log, metrics } = kit
  const host = await createHost({ services: [service], kit: () => kit, log, metrics, clock, freeze: true })
  const roomId = nextId()
  const input = { roomId, count: 1 }
  for (const caller of [playerCaller('7'), { kind: 'anonymous', address: '192.0.2.1' } as const]) {
    const context = () => contextOf(caller, clock)
    await expect(host.call('bots.hire', input, context())).rejects.toMatchObject({ code: 'UNKNOWN_CALL', status: 404 })
    await expect(host.dispatch('bots', 'hire', input, context())).rejects.toMatchObject({
      code: 'FORBIDDEN',
      status: 403,
    })
  }
  const bad = { count: [0, 65, 1.5, '2', undefined], roomId: ['0', 'x', 7], rating: ['900', Number.NaN], more: [1] }
  for (const [field, values] of Object.entries(bad)) {
    for (const value of values) {
      const context = contextOf({ kind: 'service', service: 'matchmaking' }, clock)
      const refused = host.dispatch('bots', 'hire', { ...input, [field]: value }, context)
      await expect(refused, `${field} ${value}`).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field } })
    }
  }
  expect(await kept(roomId)).toEqual([])
  await hear(ended(roomId))
  const refused = host.dispatch('bots', 'hire', input, contextOf({ kind: 'service', service: 'matchmaking' }, clock))
  await expect(refused).rejects.toBeInstanceOf(Fault)
  await expect(refused).rejects.toMatchObject(gone)
})

test('B2 rooms of before go on with the bots they have; a race’s twins go', async () => {
  const database = await testDatabase('bots_before')
  const folder = await mkdtemp(join(tmpdir(), 'meydan-migrations-'))
  try {
    const { pool } = database.postgres
    await cp(new URL('./migrations/0001_bots.sql', import.meta.url), join(folder, '0001_bots.sql'))
    await migrate(pool, 'bots', pathToFileURL(`${folder}/`), quietLog)
    await pool.query(`insert into bots.bots values
      (11, 5, 'Bot Ada', 0.5), (12, 5, 'Bot Bora', 0.5), (13, 5, 'Bot Ada', 0.5), (14, 5, 'Bot Bora', 0.5), (21, 6, 'Bot Ada', 0.7)`)
    await migrate(pool, 'bots', service.migrations, quietLog)
    const old = processWith(database.postgres.database('bots'))
    expect(idsOf(await old.hire('5', 2))).toEqual(['11', '12'])
    expect(await old.hire('6', 1)).toEqual([{ botId: '21', name: 'Bot Ada', skill: 0.7 }])
  } finally {
    await database.close()
    await rm(folder, { recursive: true })
  }
})
