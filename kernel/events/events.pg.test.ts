import { quietLog, type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { event, Id } from '@meydan/contracts/core'
import { connectPostgres, migrate } from '@meydan/drivers/postgres'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { idMaker } from '../ids/index.ts'
import { systemClock } from '../time/index.ts'
import { type Bus, consumer, type Envelope, listen, openEvents } from './index.ts'

const WAIT = { timeout: 30_000, interval: 20 }
const SAID = event('SAID', { data: z.object({ roomId: Id, n: z.number() }), key: (data) => data.roomId })

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase('events')
  for (const schema of ['talk', 'ear']) await migrate(database.postgres.pool, schema, undefined, quietLog)
  const table = 'create table ear.heard (seq bigint generated always as identity, n integer not null)'
  await database.postgres.pool.query(table)
})
afterAll(() => database.close())

/** A bus that keeps what it is given, and can be out of order. */
function recordingBus() {
  const batches: Envelope[][] = []
  const state = { broken: false, batches }
  const bus: Bus = {
    start: async () => {},
    publish: async (batch) => {
      if (state.broken) throw new Error('the bus is away')
      batches.push([...batch])
    },
    subscribe: async () => {},
    deadLetters: async () => [],
    redrive: async () => 0,
    depth: async () => ({}),
    stop: async () => {},
  }
  return { bus, state }
}

function talk(bus: Bus, postgres = database.postgres) {
  return openEvents({
    source: 'talk',
    bus,
    clock: systemClock,
    nextId: idMaker(systemClock, 1),
    log: quietLog,
    open: (hooks) => postgres.database('talk', hooks),
  })
}

describe('outbox and relay', () => {
  test('C6 E1 an event goes with its fact: handed over after the commit, gone after a rollback', async () => {
    const { bus, state } = recordingBus()
    const { db, events, relay } = talk(bus)
    const rolledBack = db.transaction(async (tx) => {
      await events.publish(tx, SAID, { roomId: '1', n: 0 })
      throw new Error('changed my mind')
    })
    await expect(rolledBack).rejects.toThrow('changed my mind')
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const id = await db.transaction((tx) => events.publish(tx, SAID, { roomId: '1', n: 1 }, { traceparent }))
    await vi.waitFor(() => expect(state.batches).toHaveLength(1), WAIT)
    expect(state.batches[0]).toEqual([
      {
        id,
        name: 'SAID',
        version: 1,
        key: '1',
        data: { roomId: '1', n: 1 },
        at: expect.any(String),
        source: 'talk',
        traceparent,
      },
    ])
    await relay.stop()
  })

  test('E1 data that does not fit the schema is refused in the publisher, with its fact', async () => {
    const { db, events, relay } = talk(recordingBus().bus)
    const bad = JSON.parse('{"roomId":"not an id","n":1}')
    await expect(db.transaction((tx) => events.publish(tx, SAID, bad))).rejects.toThrow('does not fit its schema')
    await relay.stop()
  })

  test('E2 while the bus is away events wait in the outbox, and go in order when it is back', async () => {
    const { bus, state } = recordingBus()
    state.broken = true
    const { db, events, relay } = talk(bus)
    for (let n = 0; n < 5; n++) await db.transaction((tx) => events.publish(tx, SAID, { roomId: '1', n }))
    state.broken = false
    await vi.waitFor(() => expect(state.batches.flat()).toHaveLength(5), WAIT)
    expect(state.batches.flat().map(({ data }) => data)).toEqual([0, 1, 2, 3, 4].map((n) => ({ roomId: '1', n })))
    await relay.stop()
  })

  test('E5 a batch is handed over in the order it was written, however Postgres looks it up', async () => {
    const COUNT = 60
    const { bus, state } = recordingBus()
    // Postgres gives the rows it removes in the order of its plan; this is one that gives them by a hash of their number.
    const url = new URL(database.url)
    url.searchParams.set('options', '-c enable_hashjoin=off -c enable_mergejoin=off')
    const postgres = await connectPostgres({ url: url.href, log: quietLog })
    const { db, events, relay } = talk(bus, postgres)
    await db.transaction(async (tx) => {
      for (let n = 0; n < COUNT; n++) await events.publish(tx, SAID, { roomId: '3', n })
    })
    await vi.waitFor(() => expect(state.batches.flat()).toHaveLength(COUNT), WAIT)
    const order = state.batches.flat().map(({ data }) => z.object({ n: z.number() }).parse(data).n)
    expect(order).toEqual(Array.from({ length: COUNT }, (_, n) => n))
    await relay.stop()
    await postgres.close()
  })

  test('E5 two processes that relay one outbox hand each event over once, in order', async () => {
    const { bus, state } = recordingBus()
    const [one, two] = [talk(bus), talk(bus)]
    for (let n = 0; n < 60; n++) {
      const { db, events } = n % 2 === 0 ? one : two
      await db.transaction((tx) => events.publish(tx, SAID, { roomId: '7', n }))
    }
    await vi.waitFor(() => expect(state.batches.flat()).toHaveLength(60), WAIT)
    const order = state.batches.flat().map(({ data }) => z.object({ n: z.number() }).parse(data).n)
    expect(order).toEqual(Array.from({ length: 60 }, (_, n) => n))
    await Promise.all([one.relay.stop(), two.relay.stop()])
  })

  test('E2 what a process that died left in the outbox is found by another', async () => {
    const dead = talk(recordingBus().bus)
    await dead.relay.stop()
    await dead.db.transaction((tx) => dead.events.publish(tx, SAID, { roomId: '1', n: 42 }))
    const { bus, state } = recordingBus()
    const { relay } = talk(bus)
    relay.start()
    await vi.waitFor(() => expect(state.batches.flat().map(({ data }) => data)).toEqual([{ roomId: '1', n: 42 }]), WAIT)
    await relay.stop()
  })
})

describe('consumer', () => {
  const heardBy = async (who: string) => {
    const { rows } = await database.postgres.pool.query<{ n: number }>('select n from ear.heard order by seq')
    return rows.filter(({ n }) => Math.floor(n / 100) === Number(who)).map(({ n }) => n)
  }
  const hear = (name: string) =>
    consumer(
      'ear',
      listen(SAID, name, async (tx, { data }) => {
        await sql`insert into ear.heard (n) values (${data.n})`.execute(tx)
      }),
      database.postgres.database('ear'),
    )
  const envelope = (id: string, data: Envelope['data']): Envelope => ({
    id,
    name: 'SAID',
    version: 1,
    key: 'k',
    data,
    at: '2026-01-01T00:00:00.000Z',
    source: 'talk',
  })

  test('C6 E3 an event delivered twice, even at the same moment, is applied once', async () => {
    const { handle } = hear('once')
    const same = envelope('11', { roomId: '1', n: 101 })
    await Promise.all([handle(same), handle(same), handle(same)])
    await handle(same)
    expect(await heardBy('1')).toEqual([101])
  })

  test('E3 two listeners each apply the event, and a failed try leaves no trace', async () => {
    const failing = consumer(
      'ear',
      listen(SAID, 'fails', async (tx, { data }) => {
        await sql`insert into ear.heard (n) values (${data.n})`.execute(tx)
        throw new Error('too late')
      }),
      database.postgres.database('ear'),
    )
    const said = envelope('12', { roomId: '1', n: 201 })
    await expect(failing.handle(said)).rejects.toThrow('too late')
    await expect(failing.handle(said)).rejects.toThrow('too late')
    await hear('left').handle(said)
    await hear('right').handle(said)
    expect(await heardBy('2')).toEqual([201, 201])
  })

  test('E3 an event that does not fit the schema this service knows is refused', async () => {
    await expect(hear('strict').handle(envelope('13', { roomId: 7 }))).rejects.toThrow('does not fit the schema')
  })
})
