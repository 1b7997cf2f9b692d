import type { Id } from '@meydan/contracts/core'
import type { Period } from '@meydan/contracts/leaderboards'
import { type Kysely, type RawBuilder, sql } from 'kysely'

export interface LeaderboardsTables {
  lines: { game: string; period: Period; starts_on: string; player_id: Id; score: string; reached_at: string }
  forgotten: { player_id: Id }
}

export type Db = Kysely<LeaderboardsTables>

export const linesTable = sql.table('leaderboards.lines')
export const bucketsTable = sql.table('leaderboards.buckets')

export interface BoardKey {
  readonly game: string
  readonly period: Period
  /** The UTC date on which the period began. */
  readonly startsOn: string
}

/** Whether a row of the table that has this alias is the board's. */
export function ofBoard(alias: string, { game, period, startsOn }: BoardKey): RawBuilder<boolean> {
  const row = sql.ref(alias)
  return sql`(${row}.game = ${game} and ${row}.period = ${period} and ${row}.starts_on = ${startsOn}::date)`
}

/** Where a row stands on its board. Rows compare field by field, so what is smaller here stands higher. */
export function placeOf(alias: string): RawBuilder<unknown> {
  const row = sql.ref(alias)
  return sql`(${row}.descending, ${row}.reached_at, ${row}.player_id)`
}

/** The places of an alias in their order, from the top down or (`desc`) up. */
export function inOrder(alias: string, direction: 'asc' | 'desc' = 'asc'): RawBuilder<unknown> {
  const row = sql.ref(alias)
  const way = sql.raw(direction)
  return sql`order by ${row}.descending ${way}, ${row}.reached_at ${way}, ${row}.player_id ${way}`
}
