import type { EventData, Id } from '@meydan/contracts/core'
import { MATCH_FINISHED, type Match } from '@meydan/contracts/matches'
import type { ROOM_ENDED } from '@meydan/contracts/rooms'
import type { Events } from '@meydan/kernel/events'
import type { Transaction } from 'kysely'
import { BOT, NEWCOMER, rated, shownRating } from './rules.ts'
import { insertMatch, lockSkills, type MatchesTables, saveSkill } from './store.ts'

/** Writes the result of a room and the ratings that follow, once. A room without standings leaves no match. */
export async function recordMatch(
  tx: Transaction<MatchesTables>,
  events: Events,
  ended: EventData<typeof ROOM_ENDED>,
  traceparent: string | undefined,
): Promise<void> {
  if (ended.standings.length === 0) return
  const people = ended.standings.filter(({ bot }) => !bot).map(({ playerId }) => playerId)
  const known = await lockSkills(tx, ended.game, people)
  const before = ended.standings.map(({ playerId, bot }) => (bot ? BOT : (known.get(playerId) ?? NEWCOMER)))
  const after = rated(ended.standings.map(({ rank }, index) => ({ rank, skill: before[index] ?? NEWCOMER })))
  const saves: { playerId: Id; index: number }[] = []
  const placings = ended.standings.map(({ playerId, name, bot, rank, score }, index) => {
    if (!bot) saves.push({ playerId, index })
    return {
      playerId,
      name,
      bot,
      rank,
      score,
      ratingBefore: bot ? null : shownRating(before[index] ?? NEWCOMER),
      ratingAfter: bot ? null : shownRating(after[index] ?? NEWCOMER),
    }
  })
  const { roomId, game, startedAt, endedAt, reason } = ended
  const match: Match = { matchId: roomId, game, startedAt, endedAt, reason, placings }
  if (!(await insertMatch(tx, match))) return
  for (const { playerId, index } of saves) await saveSkill(tx, game, playerId, after[index] ?? NEWCOMER)
  await events.publish(tx, MATCH_FINISHED, { match }, { traceparent })
}
