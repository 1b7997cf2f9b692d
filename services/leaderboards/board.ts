import type { Id } from '@meydan/contracts/core'
import type { Period } from '@meydan/contracts/leaderboards'
import { type Kysely, type RawBuilder, sql } from 'kysely'

export interface LeaderboardsTables {
  forgotten: { player_id: Id }
}

export type Db = Kysely<LeaderboardsTables>

/** A line of a board: its place is in three columns, which the builder cannot compare as one. So these two are for `sql`. */
export const linesTable = sql.table('leaderboards.lines')
export const bucketsTable = sql.table('leaderboards.buckets')

export interface Board {
  readonly game: string
  readonly period: Period
  /** The UTC date on which the period began. */
  readonly startsOn: string
}

/** The board as rows name it. */
export function boardName({ game, period, startsOn }: Board): string {
  return `${game}/${period}/${startsOn}`
}

/** Where the row of an alias stands on its board. Rows compare field by field, so what is smaller here stands higher. */
export function placeOf(alias: string): RawBuilder<unknown> {
  const row = sql.ref(alias)
  return sql`(${row}.descending, ${row}.reached_at, ${row}.player_id)`
}

/** The places of an alias in their order: from the top down, or up. */
export function inOrder(alias: string, direction: 'down' | 'up' = 'down'): RawBuilder<unknown> {
  const row = sql.ref(alias)
  const way = direction === 'down' ? sql`asc` : sql`desc`
  return sql`order by ${row}.descending ${way}, ${row}.reached_at ${way}, ${row}.player_id ${way}`
}
