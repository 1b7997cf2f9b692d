import type { Id } from '@meydan/contracts/core'
import { type RawBuilder, sql } from 'kysely'
import { type Board, boardName, bucketsTable, type Db, inOrder, linesTable, placeOf } from './board.ts'
import { bucketHolding, changeCounted, openBoard } from './buckets.ts'

const ACCOUNTS_LOCK = 'leaderboards.accounts'

/** Until the transaction ends, no other adds to the game's boards, and nobody's lines are forgotten. */
export async function lockGame(db: Db, game: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${ACCOUNTS_LOCK}, 0))`.execute(db)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`leaderboards.game.${game}`}, 0))`.execute(db)
}

/** Of these players those who deleted their account. */
export async function forgottenAmong(db: Db, playerIds: readonly Id[]): Promise<Set<Id>> {
  if (playerIds.length === 0) return new Set()
  const rows = await db.selectFrom('forgotten').select('player_id').where('player_id', 'in', playerIds).execute()
  return new Set(rows.map(({ player_id }) => player_id))
}

export interface Result {
  readonly playerId: Id
  readonly score: number
}

/** The board that results go to, and when: RFC 3339. `linesMax`: of a bucket. */
export interface Adding extends Board {
  readonly at: string
  readonly linesMax: number
}

/**
 * Adds the results of one match to a board, whose game is locked. In whatever order matches come, the board is the same:
 * a sum is reached by the latest match that changed it. A player with no points has had that score since the period began.
 */
export async function addResults(db: Db, adding: Adding, results: readonly Result[]): Promise<void> {
  if (results.length === 0) return
  const { startsOn, at, linesMax } = adding
  const board = boardName(adding)
  await openBoard(db, board)
  const playerIds = results.map(({ playerId }) => playerId)
  const scores = results.map(({ score }) => String(score))
  const changing = sql`given as (
      select player_id, score, case when score = 0 then ${startsOn}::timestamp at time zone 'UTC' else ${at}::timestamptz end as at
      from unnest(${playerIds}::bigint[], ${scores}::numeric[]) as g (player_id, score)),
    taken as (
      insert into ${linesTable} as l (board, player_id, score, reached_at) select ${board}, player_id, score, at from given
      on conflict (player_id, board) do update
        set score = l.score + excluded.score, reached_at = greatest(l.reached_at, excluded.reached_at)
      returning l.*),
    changes as (
      select board, descending, reached_at, player_id, 1 as by from taken
      union all
      select l.board, l.descending, l.reached_at, l.player_id, -1 from given cross join lateral (
        select * from ${linesTable} as l where l.player_id = given.player_id and l.board = ${board} limit 1) as l)`
  await changeCounted(db, changing, linesMax)
}

/** Takes a player off every board, for good. */
export async function forgetPlayer(db: Db, playerId: Id, linesMax: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${ACCOUNTS_LOCK}, 0))`.execute(db)
  const forgotten = db.insertInto('forgotten').values({ player_id: playerId })
  await forgotten.onConflict((conflict) => conflict.doNothing()).execute()
  const changing = sql`gone as (delete from ${linesTable} where player_id = ${playerId} returning *),
    changes as (select board, descending, reached_at, player_id, -1 as by from gone)`
  await changeCounted(db, changing, linesMax)
}

export interface PlacedLine {
  /** From 0, at the top. */
  readonly place: number
  readonly playerId: Id
  readonly score: number
}

interface FoundLine {
  readonly playerId: Id
  readonly score: number
}

const shown = (alias: string): RawBuilder<FoundLine> =>
  sql`${sql.ref(alias)}.player_id as "playerId", ${sql.ref(alias)}.score::double precision as score`

export async function topLines(db: Db, board: Board, limit: number): Promise<PlacedLine[]> {
  const { rows } = await sql<FoundLine>`select ${shown('l')} from ${linesTable} as l
    where l.board = ${boardName(board)} ${inOrder('l')} limit ${limit}`.execute(db)
  return rows.map((line, place) => ({ place, ...line }))
}

/** A player's line with up to `limit` − 1 above and below it, in one statement and so at one moment; empty when there is none. */
export async function linesNear(db: Db, board: Board, playerId: Id, limit: number): Promise<PlacedLine[]> {
  const { rows } = await sql<FoundLine & { ownPlace: number }>`with own as (
      select l.* from ${linesTable} as l where l.player_id = ${playerId} and l.board = ${boardName(board)}),
    place as (
      select coalesce(before.lines, 0) + within.lines as place from own
      cross join lateral ${bucketHolding('own')} as f
      cross join lateral (
        select sum(b.lines) as lines from ${bucketsTable} as b
        where b.board = own.board and ${placeOf('b')} < ${placeOf('f')}) as before
      cross join lateral (
        select count(*) as lines from ${linesTable} as l
        where l.board = own.board and ${placeOf('l')} >= ${placeOf('f')} and ${placeOf('l')} < ${placeOf('own')}) as within),
    near as (
      select n.* from own cross join lateral (
        select l.* from ${linesTable} as l where l.board = own.board and ${placeOf('l')} < ${placeOf('own')}
        ${inOrder('l', 'up')} limit ${limit - 1}) as n
      union all
      select n.* from own cross join lateral (
        select l.* from ${linesTable} as l where l.board = own.board and ${placeOf('l')} >= ${placeOf('own')}
        ${inOrder('l')} limit ${limit}) as n)
    select ${shown('near')}, place::integer as "ownPlace" from near cross join place ${inOrder('near')}`.execute(db)
  const own = rows.findIndex((line) => line.playerId === playerId)
  return rows.map(({ ownPlace, ...line }, index) => ({ place: ownPlace + index - own, ...line }))
}
