// `node services/leaderboards/bench.ts [players]` fills a board (1,000,000 players unless given) on an embedded Postgres that
// flushes to disk, and prints the medians of its reads, of adding a match, and of the rank that Postgres counts by itself.
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Id, seededRandom } from '@meydan/contracts/core'
import { connectPostgres, migrate, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'
import { sql } from 'kysely'
import type { BoardKey, LeaderboardsTables } from './board.ts'
import { BUCKET_LINES_MAX } from './buckets.ts'
import { PERIODS, startOf } from './rules.ts'
import { addResults, linesNear, lockGame, topLines } from './store.ts'

const PLAYERS = Number(process.argv[2] ?? 1_000_000)
const FIRST_ID = 1_400_000_000_000_000_000n
const FILL_AT_ONCE = 20_000
const MATCHES = 500
const READS = 301
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
const boardOf = (period: BoardKey['period']): BoardKey => ({ game: 'arena', period, startsOn: startOf(period, NOW) })
const all = boardOf('all')
const playerAt = (index: number): Id => String(FIRST_ID + BigInt(index) * 1_000n)
const anyone = (): Id => playerAt(random.int(0, PLAYERS - 1))

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

async function add(
  count: number,
  playerOf: (index: number) => Id,
  periods: readonly BoardKey['period'][],
): Promise<void> {
  const results = Array.from({ length: count }, (_, index) => ({
    playerId: playerOf(index),
    score: random.int(0, 90) * 10,
  }))
  const at = new Date(NOW + random.int(0, 3_600_000)).toISOString()
  await database.transaction<LeaderboardsTables, void>(async (tx) => {
    await lockGame(tx, all.game)
    for (const period of periods) await addResults(tx, { ...boardOf(period), at, linesMax: BUCKET_LINES_MAX }, results)
  })
}

const startMs = performance.now()
for (let first = 0; first < PLAYERS; first += FILL_AT_ONCE) {
  await add(Math.min(FILL_AT_ONCE, PLAYERS - first), (index) => playerAt(first + index), ['all'])
}
console.log(`a board of ${PLAYERS} players, filled in ${((performance.now() - startMs) / 1_000).toFixed(0)} s`)
// Matches before the reads, so that the reads meet a table that has been written to since its last vacuum.
await sql`vacuum analyze leaderboards.lines, leaderboards.buckets`.execute(db)
const match = () => {
  const first = random.int(0, PLAYERS - 6)
  return add(5, (index) => playerAt(first + index), PERIODS)
}
say('add a match of 5, to three boards, commit included', await timed(MATCHES, match))
const buckets = await sql<{ count: number }>`select count(*)::integer as count from leaderboards.buckets
  where period = 'all'`.execute(db)
console.log(`${buckets.rows[0]?.count} buckets`)

say('top 100', await timed(READS, () => topLines(db, all, 100)))
say('rank of anyone', await timed(READS, () => linesNear(db, all, anyone(), 1)))
say('50 around anyone', await timed(READS, () => linesNear(db, all, anyone(), 50)))
const [last] = (
  await sql<{ playerId: Id }>`select player_id as "playerId" from leaderboards.lines where period = 'all'
  order by descending desc, reached_at desc, player_id desc limit 1`.execute(db)
).rows
say('rank of the last', await timed(READS, () => linesNear(db, all, last?.playerId ?? '1', 1)))
const counted = (playerId: Id) =>
  sql`select count(*) from leaderboards.lines as l, leaderboards.lines as own
  where (l.game, l.period, l.starts_on) = ('arena', 'all', '1970-01-01') and own.player_id = ${playerId} and own.period = 'all'
    and (l.descending, l.reached_at, l.player_id) < (own.descending, own.reached_at, own.player_id)`.execute(db)
say('for comparison, the rank of anyone by counting lines', await timed(21, () => counted(anyone())))

await postgres.close()
await server.stop()
await rm(dataDir, { recursive: true })
