// `node services/leaderboards/bench.ts [players]` fills a board (1,000,000 players unless given) on an embedded Postgres that
// flushes to disk, and prints the medians of its reads, of adding a match, and of the rank that Postgres counts by itself.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Id, seededRandom } from '@meydan/contracts/core'
import type { Period } from '@meydan/contracts/leaderboards'
import { connectPostgres, migrate, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'
import { sql } from 'kysely'
import { type Board, boardName, type LeaderboardsTables } from './board.ts'
import { BUCKET_LINES_MAX } from './buckets.ts'
import { PERIODS, startOf } from './rules.ts'
import { addResults, linesNear, lockGame, topLines } from './store.ts'

const PLAYERS = Number(process.argv[2] ?? 1_000_000)
const FIRST_ID = 1_400_000_000_000_000_000n
const FILL_AT_ONCE = 1_000
const MATCHES = 500
const READS = 301
const GAME = 'arena'
const NOW = Date.UTC(2026, 10, 18, 12)

const random = seededRandom(1)
const log = createLog({ level: 'warn', pretty: true, name: 'bench' })
const dataDir = await mkdtemp(join(tmpdir(), 'meydan-bench-'))
await chmod(dataDir, 0o755)
const server = await startEmbeddedPostgres({ dataDir, log })
const postgres = await connectPostgres({ url: server.url, log })
await migrate(postgres.pool, 'leaderboards', new URL('./migrations/', import.meta.url), log)
const database = postgres.database('leaderboards')
const db = database.tables<LeaderboardsTables>()
const boardOf = (period: Period): Board => ({ game: GAME, period, startsOn: startOf(period, NOW) })
const playerAt = (index: number): Id => String(FIRST_ID + BigInt(index) * 1_000n)

/** Milliseconds that each of `count` runs took, sorted. */
async function timed(count: number, run: () => Promise<unknown>): Promise<number[]> {
  const tookMs: number[] = []
  for (let n = 0; n < count; n++) {
    const startMs = performance.now()
    await run()
    tookMs.push(performance.now() - startMs)
  }
  return tookMs.sort((a, b) => a - b)
}

function say(what: string, tookMs: readonly number[]): void {
  const at = (part: number): string => (tookMs[Math.floor(tookMs.length * part)] ?? Number.NaN).toFixed(2)
  console.log(`${what}: median ${at(0.5)} ms, p99 ${at(0.99)} ms`)
}

async function add(count: number, playerOf: (index: number) => Id, periods: readonly Period[]): Promise<void> {
  const results = Array.from({ length: count }, (_, index) => ({
    playerId: playerOf(index),
    score: random.int(0, 90) * 10,
  }))
  const at = new Date(NOW + random.int(0, 3_600_000)).toISOString()
  await database.transaction<LeaderboardsTables, void>(async (tx) => {
    await lockGame(tx, GAME)
    for (const period of periods) await addResults(tx, { ...boardOf(period), at, linesMax: BUCKET_LINES_MAX }, results)
  })
}

async function fill(period: Period, players: number): Promise<void> {
  const startMs = performance.now()
  for (let first = 0; first < players; first += FILL_AT_ONCE) {
    await add(Math.min(FILL_AT_ONCE, players - first), (index) => playerAt(first + index), [period])
  }
  console.log(`${period}: ${players} players, filled in ${((performance.now() - startMs) / 1_000).toFixed(0)} s`)
}

async function measure(period: Period, players: number): Promise<void> {
  const board = boardOf(period)
  const anyone = (): Id => playerAt(random.int(0, players - 1))
  const { rows } = await sql<{ buckets: number }>`select count(*)::integer as buckets from leaderboards.buckets
    where board = ${boardName(board)}`.execute(db)
  console.log(`${period}: ${rows[0]?.buckets} buckets`)
  say(`${period}: top 100`, await timed(READS, () => topLines(db, board, 100)))
  say(`${period}: rank of anyone`, await timed(READS, () => linesNear(db, board, anyone(), 1)))
  say(`${period}: 50 around anyone`, await timed(READS, () => linesNear(db, board, anyone(), 50)))
}

await fill('all', PLAYERS)
await sql`vacuum analyze leaderboards.lines, leaderboards.buckets`.execute(db)
// A board that statistics know nothing of, as on each new day.
await fill('daily', PLAYERS / 5)
// Matches before the reads, which so meet tables that have been written to since.
const match = () => {
  const first = random.int(0, PLAYERS / 5 - 6)
  return add(5, (index) => playerAt(first + index), PERIODS)
}
say('add a match of 5 to three boards, commit included', await timed(MATCHES, match))
await measure('all', PLAYERS)
await measure('daily', PLAYERS / 5)
const counted = (playerId: Id) =>
  sql`select count(*) from leaderboards.lines as l, leaderboards.lines as own
  where l.board = ${boardName(boardOf('all'))} and own.board = l.board and own.player_id = ${playerId}
    and (l.descending, l.reached_at, l.player_id) < (own.descending, own.reached_at, own.player_id)`.execute(db)
const half = playerAt(PLAYERS / 2)
say('for comparison, a rank on the board of all time by counting lines', await timed(21, () => counted(half)))

await postgres.close()
await server.stop()
await rm(dataDir, { recursive: true })
