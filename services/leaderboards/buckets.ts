import type { Id } from '@meydan/contracts/core'
import { type RawBuilder, sql } from 'kysely'
import { bucketsTable, type Db, inOrder, linesTable, placeOf } from './board.ts'

/**
 * Ranks without counting a whole board: its lines, in their order, are cut into buckets that know how many lines they
 * have (an equi-depth histogram, kept exact). Counts change in the transaction that changes the lines, one at a time for a
 * board (the locks in store.ts), so every statement that reads both sees them agree.
 */

/** Lines of a bucket at most. A rank counts so many and adds up the buckets above, which are at most four times lines ÷ this. */
export const BUCKET_LINES_MAX = 1_000
/** What is cut gives pieces of a half to a whole bucket; one that falls below a quarter joins the one above. */
const CUT = 1 / 2
const THIN = 1 / 4
/** Where the first bucket of each board begins. */
const TOP = '-Infinity'

/** A bucket by where it begins. As text: a Date would lose microseconds, and cannot say −infinity. */
interface Bucket {
  readonly board: string
  readonly descending: string
  readonly reachedAt: string
  readonly playerId: Id
  readonly lines: number
}

const columns = sql`board, descending::text as descending, reached_at::text as "reachedAt", player_id as "playerId", lines`

/** The bucket that holds the place of a row, given by alias: the last one that begins at or above it. */
export function bucketHolding(alias: string): RawBuilder<unknown> {
  return sql`(select b.* from ${bucketsTable} as b
    where b.board = ${sql.ref(alias)}.board and ${placeOf('b')} <= ${placeOf(alias)} ${inOrder('b', 'up')} limit 1)`
}

/** Makes the board's first bucket, unless it is there. */
export async function openBoard(db: Db, board: string): Promise<void> {
  await sql`insert into ${bucketsTable} (board, descending, reached_at, player_id, lines)
    values (${board}, ${TOP}, '-infinity', 0, 0) on conflict do nothing`.execute(db)
}

/**
 * Changes lines and the counts of their buckets in one statement. `changing` is common table expressions, the last of them
 * `changes`: a board, a place, and `by`: 1 for a place that is taken, −1 for one that is left.
 */
export async function changeCounted(db: Db, changing: RawBuilder<unknown>, linesMax: number): Promise<void> {
  const { rows } = await sql<Bucket>`with ${changing},
    counted as (
      select f.board, f.descending, f.reached_at, f.player_id, sum(c.by)::integer as by
      from changes as c cross join lateral ${bucketHolding('c')} as f
      group by f.board, f.descending, f.reached_at, f.player_id),
    updated as (
      update ${bucketsTable} as b set lines = b.lines + c.by from counted as c
      where b.board = c.board and ${placeOf('b')} = ${placeOf('c')} returning b.*)
    select ${columns} from updated`.execute(db)
  for (const bucket of rows) await evenOut(db, bucket, linesMax)
}

async function evenOut(db: Db, bucket: Bucket, linesMax: number): Promise<void> {
  const isThin = bucket.lines < linesMax * THIN && bucket.descending !== TOP
  const changed = isThin ? await joinAbove(db, bucket, linesMax) : bucket
  if (changed && changed.lines > linesMax) await cut(db, changed, linesMax)
}

const beginning = ({ descending, reachedAt, playerId }: Bucket): RawBuilder<unknown> =>
  sql`(${descending}::numeric, ${reachedAt}::timestamptz, ${playerId}::bigint)`

/** Gives a bucket's lines to the one above, which is the answer; undefined when the bucket is not thin any more. */
async function joinAbove(db: Db, bucket: Bucket, linesMax: number): Promise<Bucket | undefined> {
  const { board } = bucket
  const { rows } = await sql<Bucket>`with thin as (
      delete from ${bucketsTable} as b
      where b.board = ${board} and ${placeOf('b')} = ${beginning(bucket)} and b.lines < ${linesMax * THIN}::numeric
      returning b.*),
    above as (
      select a.*, thin.lines as more from thin cross join lateral (
        select b.* from ${bucketsTable} as b where b.board = ${board} and ${placeOf('b')} < ${placeOf('thin')}
        ${inOrder('b', 'up')} limit 1) as a),
    updated as (
      update ${bucketsTable} as b set lines = b.lines + above.more from above
      where b.board = ${board} and ${placeOf('b')} = ${placeOf('above')} returning b.*)
    select ${columns} from updated`.execute(db)
  return rows[0]
}

/** Cuts a bucket into even pieces; nothing happens when it has been cut since. */
async function cut(db: Db, bucket: Bucket, linesMax: number): Promise<void> {
  const { board } = bucket
  const pieceMin = Math.ceil(linesMax * CUT)
  await sql`with whole as (
      select b.lines, b.lines / ${pieceMin}::integer as pieces from ${bucketsTable} as b
      where b.board = ${board} and ${placeOf('b')} = ${beginning(bucket)} and b.lines > ${linesMax}::integer),
    placed as (
      select l.*, ntile(whole.pieces) over (${inOrder('l')}) as piece from whole cross join lateral (
        select l.* from ${linesTable} as l where l.board = ${board} and ${placeOf('l')} >= ${beginning(bucket)}
        ${inOrder('l')} limit whole.lines) as l),
    pieces as (
      select distinct on (p.piece) p.*, count(*) over (partition by p.piece) as lines from placed as p
      order by p.piece, p.descending, p.reached_at, p.player_id),
    shrunk as (
      update ${bucketsTable} as b set lines = pieces.lines from pieces
      where pieces.piece = 1 and b.board = ${board} and ${placeOf('b')} = ${beginning(bucket)})
    insert into ${bucketsTable} (board, descending, reached_at, player_id, lines)
      select board, descending, reached_at, player_id, lines from pieces where piece > 1`.execute(db)
}
