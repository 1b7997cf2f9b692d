import type { EventData, Id } from '@meydan/contracts/core'
import { MATCH_FINISHED, type Match } from '@meydan/contracts/matches'
import { DELETED_PLAYER_NAME } from '@meydan/contracts/players'
import type { ROOM_ENDED } from '@meydan/contracts/rooms'
import type { Events } from '@meydan/kernel/events'
import type { Transaction } from 'kysely'
import { BOT, NEWCOMER, rated, type Skill, shownRating } from './rules.ts'
import { forgottenAmong, insertMatch, lockSkills, type MatchesTables, saveSkill } from './store.ts'

type Tx = Transaction<MatchesTables>
type Ended = EventData<typeof ROOM_ENDED>

/** Writes the result of a room and the ratings that follow, once. A room without standings leaves no match. */
export async function recordMatch(
  tx: Tx,
  events: Events,
  ended: Ended,
  traceparent: string | undefined,
): Promise<void> {
  const { roomId, game, startedAt, endedAt, reason, standings } = ended
  if (standings.length === 0) return
  const people = standings.filter(({ bot }) => !bot).map(({ playerId }) => playerId)
  const forgotten = await forgottenAmong(tx, people)
  const kept = people.filter((playerId) => !forgotten.has(playerId))
  const known = await lockSkills(tx, game, kept, NEWCOMER)
  const before = standings.map(({ playerId, bot }) => (bot ? BOT : (known.get(playerId) ?? NEWCOMER)))
  const after = rated(standings.map(({ rank }, index) => ({ rank, skill: before[index] ?? NEWCOMER })))
  const changed = new Map<Id, Skill>()
  const placings = standings.map(({ playerId, name, bot, rank, score }, index) => {
    const skill = after[index]
    const has = known.has(playerId) && skill !== undefined
    if (has) changed.set(playerId, skill)
    return {
      playerId,
      name: forgotten.has(playerId) ? DELETED_PLAYER_NAME : name,
      bot,
      rank,
      score,
      ratingBefore: has ? shownRating(before[index] ?? NEWCOMER) : null,
      ratingAfter: has ? shownRating(skill) : null,
    }
  })
  const match: Match = { matchId: roomId, game, startedAt, endedAt, reason, placings }
  if (!(await insertMatch(tx, match))) return
  for (const [playerId, skill] of changed) await saveSkill(tx, game, playerId, skill)
  await events.publish(tx, MATCH_FINISHED, { match }, { traceparent })
}
