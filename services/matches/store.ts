import type { Id } from '@meydan/contracts/core'
import type { Match } from '@meydan/contracts/matches'
import { type Kysely, sql } from 'kysely'
import type { Skill } from './rules.ts'

export interface MatchesTables {
  matches: { match_id: Id; game: string; started_at: Date; ended_at: Date; reason: string }
  placings: {
    match_id: Id
    player_id: Id
    name: string
    bot: boolean
    rank: number
    score: number
    rating_before: number | null
    rating_after: number | null
  }
  ratings: { player_id: Id; game: string; mu: number; sigma: number; matches: number }
  forgotten: { player_id: Id }
}

export type Db = Kysely<MatchesTables>

/** False when the match is known. */
export async function insertMatch(db: Db, match: Match): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('matches')
    .values({
      match_id: match.matchId,
      game: match.game,
      started_at: new Date(match.startedAt),
      ended_at: new Date(match.endedAt),
      reason: match.reason,
    })
    .onConflict((conflict) => conflict.column('match_id').doNothing())
    .executeTakeFirst()
  if (numInsertedOrUpdatedRows !== 1n) return false
  const rows = match.placings.map((placing) => ({
    match_id: match.matchId,
    player_id: placing.playerId,
    name: placing.name,
    bot: placing.bot,
    rank: placing.rank,
    score: placing.score,
    rating_before: placing.ratingBefore,
    rating_after: placing.ratingAfter,
  }))
  await db.insertInto('placings').values(rows).execute()
  return true
}

/**
 * Everybody's skill, locked until the transaction ends; newcomers get their row first, so that two matches of one
 * newcomer wait for each other too. In one order, so that they never wait in a circle.
 */
export async function lockSkills(
  db: Db,
  game: string,
  playerIds: readonly Id[],
  newcomer: Skill,
): Promise<Map<Id, Skill>> {
  if (playerIds.length === 0) return new Map()
  const inOrder = playerIds.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
  const { mu, sigma } = newcomer
  await db
    .insertInto('ratings')
    .values(inOrder.map((player_id) => ({ player_id, game, mu, sigma, matches: 0 })))
    .onConflict((conflict) => conflict.columns(['player_id', 'game']).doNothing())
    .execute()
  const query = db.selectFrom('ratings').selectAll().where('game', '=', game).where('player_id', 'in', inOrder)
  const rows = await query.orderBy('player_id').forUpdate().execute()
  return new Map(rows.map((row) => [row.player_id, { mu: row.mu, sigma: row.sigma }]))
}

export async function saveSkill(db: Db, game: string, playerId: Id, { mu, sigma }: Skill): Promise<void> {
  await db
    .updateTable('ratings')
    .set((old) => ({ mu, sigma, matches: old('matches', '+', 1) }))
    .where('player_id', '=', playerId)
    .where('game', '=', game)
    .execute()
}

export async function findSkills(db: Db, game: string, playerIds: readonly Id[]): Promise<Map<Id, Skill>> {
  if (playerIds.length === 0) return new Map()
  const query = db.selectFrom('ratings').select(['player_id', 'mu', 'sigma']).where('game', '=', game)
  const rows = await query.where('player_id', 'in', playerIds).execute()
  return new Map(rows.map(({ player_id, mu, sigma }) => [player_id, { mu, sigma }]))
}

export async function findSkill(
  db: Db,
  game: string,
  playerId: Id,
): Promise<(Skill & { matches: number }) | undefined> {
  const query = db.selectFrom('ratings').select(['mu', 'sigma', 'matches']).where('game', '=', game)
  return query.where('player_id', '=', playerId).executeTakeFirst()
}

/** In the games that the player has played, by their names. */
export function findSkillsOf(db: Db, playerId: Id): Promise<(Skill & { game: string; matches: number })[]> {
  const query = db.selectFrom('ratings').select(['game', 'mu', 'sigma', 'matches']).where('player_id', '=', playerId)
  return query.where('matches', '>', 0).orderBy('game').execute()
}

export async function isForgotten(db: Db, playerId: Id): Promise<boolean> {
  const row = await db.selectFrom('forgotten').select('player_id').where('player_id', '=', playerId).executeTakeFirst()
  return row !== undefined
}

export async function findMatches(db: Db, matchIds: readonly Id[]): Promise<Match[]> {
  if (matchIds.length === 0) return []
  const [rows, placings] = await Promise.all([
    db.selectFrom('matches').selectAll().where('match_id', 'in', matchIds).orderBy('match_id', 'desc').execute(),
    db
      .selectFrom('placings')
      .selectAll()
      .where('match_id', 'in', matchIds)
      .orderBy('rank')
      .orderBy('player_id')
      .execute(),
  ])
  return rows.map((row) => ({
    matchId: row.match_id,
    game: row.game,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at.toISOString(),
    reason: row.reason,
    placings: placings
      .filter(({ match_id }) => match_id === row.match_id)
      .map((placing) => ({
        playerId: placing.player_id,
        name: placing.name,
        bot: placing.bot,
        rank: placing.rank,
        score: placing.score,
        ratingBefore: placing.rating_before,
        ratingAfter: placing.rating_after,
      })),
  }))
}

/** Ids of a player's matches, newest first, before an id (keyset pagination). */
export async function matchIdsOf(db: Db, playerId: Id, before: Id | undefined, limit: number): Promise<Id[]> {
  let query = db.selectFrom('placings').select('match_id').where('player_id', '=', playerId)
  if (before !== undefined) query = query.where('match_id', '<', before)
  const rows = await query.orderBy('match_id', 'desc').limit(limit).execute()
  return rows.map(({ match_id }) => match_id)
}

/** Results of a player and the deletion of the account take turns, until the transaction ends: neither overlooks the other. */
const lockName = (playerId: Id): string => `matches.player.${playerId}`

/** Takes the name out of every result. */
export async function forgetPlayer(db: Db, playerId: Id, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${lockName(playerId)}, 0))`.execute(db)
  await db
    .insertInto('forgotten')
    .values({ player_id: playerId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await db.updateTable('placings').set({ name }).where('player_id', '=', playerId).execute()
  await db.deleteFrom('ratings').where('player_id', '=', playerId).execute()
}

/** Of these players those who deleted their account; none of the others can until the transaction ends. */
export async function forgottenAmong(db: Db, playerIds: readonly Id[]): Promise<Set<Id>> {
  if (playerIds.length === 0) return new Set()
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(name, 0)) from unnest(${playerIds.map(lockName)}::text[]) as name`.execute(
    db,
  )
  const rows = await db.selectFrom('forgotten').select('player_id').where('player_id', 'in', playerIds).execute()
  return new Set(rows.map(({ player_id }) => player_id))
}
