import type { Id } from '@meydan/contracts/core'
import type { Period } from '@meydan/contracts/leaderboards'
import { type Kysely, sql } from 'kysely'

export interface LeaderboardsTables {
  lines: { game: string; period: Period; starts_on: string; player_id: Id; score: number }
}

export type Db = Kysely<LeaderboardsTables>

export interface BoardKey {
  readonly game: string
  readonly period: Period
  readonly startsOn: string
}

export async function addScore(
  db: Db,
  { game, period, startsOn }: BoardKey,
  playerId: Id,
  score: number,
): Promise<void> {
  await db
    .insertInto('lines')
    .values({ game, period, starts_on: startsOn, player_id: playerId, score })
    .onConflict((conflict) =>
      conflict
        .columns(['game', 'period', 'starts_on', 'player_id'])
        .doUpdateSet((old) => ({ score: sql<number>`${old.ref('lines.score')} + excluded.score` })),
    )
    .execute()
}

/** Everybody on a board, for filling the cache. */
export async function allLines(
  db: Db,
  { game, period, startsOn }: BoardKey,
): Promise<{ playerId: Id; score: number }[]> {
  const query = db.selectFrom('lines').select(['player_id', 'score']).where('game', '=', game)
  const rows = await query.where('period', '=', period).where('starts_on', '=', startsOn).execute()
  return rows.map(({ player_id, score }) => ({ playerId: player_id, score }))
}

export async function boardsOf(db: Db, playerId: Id): Promise<BoardKey[]> {
  const rows = await db
    .selectFrom('lines')
    .select(['game', 'period', sql<string>`starts_on::text`.as('startsOn')])
    .where('player_id', '=', playerId)
    .execute()
  return rows
}

export async function deleteLines(db: Db, playerId: Id): Promise<void> {
  await db.deleteFrom('lines').where('player_id', '=', playerId).execute()
}
