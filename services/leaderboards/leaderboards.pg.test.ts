import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { quietLog, testDatabase } from '@meydan/conformance/harness'
import type { Id } from '@meydan/contracts/core'
import { migrate } from '@meydan/drivers/postgres'
import { sql, type Transaction } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Board, LeaderboardsTables } from './board.ts'
import { BUCKET_LINES_MAX } from './buckets.ts'
import { startOf } from './rules.ts'
import { addResults, linesNear, topLines } from './store.ts'
import { BUCKET_LINES, NOON, nameOf, openWorld, type World } from './tests/world.ts'

const DAY_MS = 86_400_000

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.made.close())
beforeEach(() => world.clear())

/** A match of the arena, delivered. Points by player. */
async function play(points: Readonly<Record<Id, number>>, endedAtMs = world.clock.now()): Promise<void> {
  const people = Object.entries(points).map(([playerId, score]) => ({ playerId, tenths: score * 10 }))
  await world.deliver(world.finished({ game: 'arena', endedAtMs, people }))
}
const order = async (period: 'daily' | 'weekly' | 'all' = 'all') =>
  (await world.top('arena', period)).map(({ playerId, score }) => [playerId, score])

describe('ties', () => {
  test('A9 L3 who reached a score first stands higher, in whatever order the matches are heard of', async () => {
    await play({ 7: 30 }, NOON + 3_000)
    await play({ 8: 30 }, NOON + 1_000)
    await play({ 9: 10 }, NOON + 2_000)
    await play({ 9: 20 }, NOON)
    expect(await order()).toEqual([
      ['8', 30],
      ['9', 30],
      ['7', 30],
    ])
  })

  test('A9 L3 a match without points costs nobody the place, and the same moment is the older account’s', async () => {
    await play({ 12: 30, 9: 30 }, NOON)
    await play({ 8: 30 }, NOON + 1)
    await play({ 9: 0, 12: 0, 13: 0 }, NOON + 2)
    await play({ 11: 0 }, NOON + 3)
    expect((await order()).map(([playerId]) => playerId)).toEqual(['9', '12', '8', '11', '13'])
  })

  test('L3 equal sums of fractions tie, whatever they were added up from', async () => {
    await play({ 7: 0.1, 8: 0.3 }, NOON)
    await play({ 7: 0.2, 8: 0.2 }, NOON)
    await play({ 7: 0.3, 8: 0.1 }, NOON)
    expect(await order()).toEqual([
      ['7', 0.6],
      ['8', 0.6],
    ])
  })
})

test('A9 L1 a match counts for the day and the ISO week in which it ended, and both begin anew', async () => {
  const sunday = NOON + 4 * DAY_MS
  await play({ 7: 10 }, sunday)
  await play({ 7: 5 }, sunday + DAY_MS)
  world.clock.advance(sunday + DAY_MS - world.clock.now())
  expect([await order('daily'), await order('weekly'), await order('all')]).toEqual([
    [['7', 5]],
    [['7', 5]],
    [['7', 15]],
  ])
  await play({ 7: 1 }, sunday)
  expect([await order('daily'), await order('weekly'), await order('all')]).toEqual([
    [['7', 5]],
    [['7', 5]],
    [['7', 16]],
  ])
})

test('L5 a deleted account leaves no line on any board, and a result that comes late brings none back', async () => {
  await play({ 7: 10, 8: 5 })
  await world.deliver(world.deleted('7'))
  await play({ 7: 10, 8: 5 })
  expect(await order()).toEqual([['8', 10]])
  expect(await world.rank('7', 'arena', 'all')).toBeNull()
  expect(await world.around('7', 'arena', 'all', 5)).toEqual([])
  const { rows } = await world.made.database.postgres.pool.query('select 1 from leaderboards.lines where player_id = 7')
  expect(rows).toEqual([])
})

test('A9 L2 L3 rank and the lines around agree with the whole board, first, middle and last, on a board in many buckets', async () => {
  const points = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [String(200 + index), index % 13]))
  await play(points)
  const { count, wrong, fat } = await world.buckets()
  expect(wrong).toEqual([])
  expect(fat).toBe(0)
  expect(count).toBeGreaterThan((3 * 60) / BUCKET_LINES)
  const all = await world.top('arena', 'all')
  for (const [place, line] of all.entries()) {
    expect(line).toMatchObject({ rank: place + 1, name: nameOf(line.playerId) })
    expect(await world.rank(line.playerId, 'arena', 'all')).toEqual(line)
    const from = Math.max(0, Math.min(place - 2, all.length - 5))
    expect(await world.around(line.playerId, 'arena', 'all', 5)).toEqual(all.slice(from, from + 5))
  }
  expect(await world.top('arena', 'all', 7)).toEqual(all.slice(0, 7))
  expect(await world.rank('7', 'arena', 'all')).toBeNull()
})

test('L4 a board that empties keeps few buckets', async () => {
  const players = Array.from({ length: 60 }, (_, index) => String(200 + index))
  await play(Object.fromEntries(players.map((playerId, index) => [playerId, index])))
  for (const playerId of players) {
    await world.deliver(world.deleted(playerId))
    expect((await world.buckets()).wrong).toEqual([])
  }
  expect(await world.top('arena', 'all')).toEqual([])
  // The first bucket of each of the three boards is all that is left.
  expect((await world.buckets()).count).toBe(3)
})

describe('a board of thousands', () => {
  const PLAYERS = { yesterday: 60_000, today: 20_000 }
  const AT_ONCE = 1_000
  const at = new Date(NOON).toISOString()
  const today = { game: 'arena', period: 'daily', startsOn: startOf('daily', NOON) } as const
  const yesterday = { ...today, startsOn: startOf('daily', NOON - DAY_MS) }
  const playerAt = (index: number): Id => String(10_000 + index)
  const run = (command: string) => sql.raw(command).execute(world.made.kit.db.tables())

  /** A transaction whose reads are in the statistics when it is over. */
  const noted = (work: (tx: Transaction<LeaderboardsTables>) => Promise<unknown>): Promise<void> =>
    world.made.kit.db.transaction<LeaderboardsTables, void>(async (tx) => {
      await work(tx)
      await sql`select pg_stat_force_next_flush()`.execute(tx)
    })
  async function fill(board: Board, players: number): Promise<void> {
    for (let first = 0; first < players; first += AT_ONCE) {
      const results = Array.from({ length: AT_ONCE }, (_, index) => ({
        playerId: playerAt(first + index),
        score: (index * 7_919) % 4_999,
      }))
      await noted((tx) => addResults(tx, { ...board, at, linesMax: BUCKET_LINES_MAX }, results))
    }
  }
  async function readSoFar(): Promise<number> {
    const { rows } = await sql<{
      read: number
    }>`select sum(idx_blks_hit + idx_blks_read + seq_tup_read)::integer as read
      from pg_statio_user_tables join pg_stat_user_tables using (relid)
      where pg_stat_user_tables.schemaname = 'leaderboards' and pg_stat_user_tables.relname in ('lines', 'buckets')`.execute(
      world.made.kit.db.tables(),
    )
    return rows[0]?.read ?? Number.NaN
  }
  /** Pages of indexes that Postgres looks at while `work` runs (one index on lines has hundreds), and rows it finds without an index. */
  async function pagesRead(work: (tx: Transaction<LeaderboardsTables>) => Promise<unknown>): Promise<number> {
    const before = await readSoFar()
    await noted(work)
    return (await readSoFar()) - before
  }

  test('L4 is never read as a whole, also on a new day that the statistics of the table know nothing of', async () => {
    await fill(yesterday, PLAYERS.yesterday)
    await run('analyze leaderboards.lines, leaderboards.buckets')
    await fill(today, PLAYERS.today)
    for (const board of [today, yesterday]) {
      for (const index of [0, PLAYERS.today / 2, PLAYERS.today - 1]) {
        expect(await pagesRead((tx) => linesNear(tx, board, playerAt(index), 1))).toBeLessThan(50)
      }
      expect(await pagesRead((tx) => topLines(tx, board, 10))).toBeLessThan(50)
      const results = Array.from({ length: 64 }, (_, index) => ({ playerId: playerAt(index * 300), score: 0 }))
      expect(
        await pagesRead((tx) => addResults(tx, { ...board, at, linesMax: BUCKET_LINES_MAX }, results)),
      ).toBeLessThan(64 * 30)
    }
  }, 60_000)
})

test('L1 boards from before places were kept go on: nobody loses a line, and the next match ranks them', async () => {
  const database = await testDatabase('leaderboards_before')
  const folder = await mkdtemp(join(tmpdir(), 'meydan-migrations-'))
  try {
    const { pool } = database.postgres
    await cp(new URL('./migrations/0001_boards.sql', import.meta.url), join(folder, '0001_boards.sql'))
    await migrate(pool, 'leaderboards', pathToFileURL(`${folder}/`), quietLog)
    const insert = `insert into leaderboards.lines (game, period, starts_on, player_id, score)
      select 'arena', 'all', '1970-01-01', n, n % 10 + 0.5 from generate_series(1, 1200) as n`
    await pool.query(insert)
    await migrate(pool, 'leaderboards', world.service.migrations, quietLog)
    const db = database.postgres.database('leaderboards').tables<LeaderboardsTables>()
    const board = { game: 'arena', period: 'all', startsOn: startOf('all', NOON) } as const
    const places = async (): Promise<Map<Id, number>> => {
      const { rows } = await pool.query<{ player_id: Id }>(
        'select player_id from leaderboards.lines order by score desc, reached_at, player_id',
      )
      return new Map(rows.map(({ player_id }, place) => [player_id, place]))
    }
    const ranksAgree = async (): Promise<void> => {
      for (const [playerId, place] of await places()) {
        if (place % 29 === 0) expect(await linesNear(db, board, playerId, 1)).toMatchObject([{ playerId, place }])
      }
      const { rows } = await pool.query('select sum(lines)::integer as lines from leaderboards.buckets')
      expect(rows).toEqual([{ lines: 1_200 }])
    }
    expect(await topLines(db, board, 1)).toEqual([{ place: 0, playerId: '9', score: 9.5 }])
    await ranksAgree()
    const adding = { ...board, at: '2026-11-18T12:00:00.000Z', linesMax: BUCKET_LINES }
    await addResults(db, adding, [{ playerId: '1', score: 50 }])
    expect(await topLines(db, board, 1)).toEqual([{ place: 0, playerId: '1', score: 51.5 }])
    await ranksAgree()
  } finally {
    await database.close()
    await rm(folder, { recursive: true })
  }
})
